-- The language server of rolecall in Neovim, from 0.7 on. Put this into your configuration:
--
--   dofile("/path/to/rolecall.lua").setup()
--
-- or copy it to lua/rolecall.lua and say require("rolecall").setup({ settings = { ignore = { "some-rule" } } }).

local M = {}

-- The nearest folder with one of these is the workspace.
local MARKS = { ".git", "rolecall.toml" }

local PATTERNS = { "*.bicep", "*.bicepparam", "*.json", "*.jsonc", "*.tf", "*.tofu", "*.tfvars", "rolecall.toml" }

local function exists(path)
  return vim.loop.fs_stat(path) ~= nil
end

local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ":p:h")
  local at = folder
  while true do
    for _, mark in ipairs(MARKS) do
      if exists(at .. "/" .. mark) then
        return at
      end
    end
    local above = vim.fn.fnamemodify(at, ":h")
    if above == at then
      return folder
    end
    at = above
  end
end

-- Clients by the folder that they serve.
local clients = {}

-- Starts the server for a buffer's folder, unless it runs already, and attaches the buffer to it.
function M.attach(buffer, options)
  options = options or {}
  local path = vim.api.nvim_buf_get_name(buffer)
  if path == "" then
    return nil
  end
  local root = root_of(path)
  local id = clients[root]
  if not id or not vim.lsp.get_client_by_id(id) then
    id = vim.lsp.start_client({
      name = "rolecall",
      cmd = options.cmd or { "rolecall", "lsp" },
      root_dir = root,
      workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
      init_options = options.settings,
      on_attach = options.on_attach,
      -- What the server tells its own editors.
      handlers = { ["rolecall/status"] = function() end },
    })
    clients[root] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
  return id
end

function M.setup(options)
  local group = vim.api.nvim_create_augroup("rolecall", { clear = true })
  vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile" }, {
    group = group,
    pattern = PATTERNS,
    callback = function(event)
      M.attach(event.buf, options)
    end,
  })
end

return M
