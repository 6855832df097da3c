-- Run by `cargo xtask editor neovim`: the diagnostic of a file is at its place, an action applies, and the diagnostic goes.
-- ROLECALL is the program, ROLECALL_CONFIG the configuration, ROLECALL_FILE the file.

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local ok, error_message = pcall(function()
  local rolecall = dofile(os.getenv("ROLECALL_CONFIG"))
  rolecall.setup({ cmd = { os.getenv("ROLECALL"), "lsp" } })
  vim.cmd("edit " .. vim.fn.fnameescape(os.getenv("ROLECALL_FILE")))
  local buffer = vim.api.nvim_get_current_buf()

  local function diagnostics()
    return vim.diagnostic.get(buffer)
  end
  if not vim.wait(30000, function() return #diagnostics() == 1 end, 20) then
    return fail("there are " .. #diagnostics() .. " diagnostics, not one")
  end
  local found = diagnostics()[1]
  local line = vim.api.nvim_buf_get_lines(buffer, found.lnum, found.lnum + 1, true)[1]
  local text = line:sub(found.col + 1, found.end_col)
  if text ~= '"Network Contributer"' then
    return fail("the diagnostic is at " .. text)
  end
  if found.code ~= "unknown-role" and (found.user_data or {}).lsp and found.user_data.lsp.code ~= "unknown-role" then
    return fail("the diagnostic is " .. vim.inspect(found))
  end

  local client
  for _, one in pairs(vim.lsp.buf_get_clients(buffer)) do
    client = one
  end
  local place = { line = found.lnum, character = found.col }
  local answer = client.request_sync("textDocument/codeAction", {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    range = { start = place, ["end"] = place },
    context = { diagnostics = {} },
  }, 10000, buffer)
  local applied = false
  for _, action in ipairs(answer.result) do
    if action.edit and not action.title:find("^suppress") and not applied then
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
      applied = true
    end
  end
  if not applied then
    return fail("no action mends it: " .. vim.inspect(answer))
  end
  if not vim.wait(30000, function() return #diagnostics() == 0 end, 20) then
    return fail("it is still there: " .. vim.inspect(diagnostics()))
  end
  if not table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), "\n"):find('"Network Contributor"', 1, true) then
    return fail("the role is not mended")
  end
  io.stderr:write("Neovim: one diagnostic at its place, one action, no diagnostic\n")
  vim.cmd("qall!")
end)
if not ok then
  fail(tostring(error_message))
end
