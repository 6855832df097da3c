// The part of Bicep's lexer that a regular grammar cannot express: which line breaks are tokens, and where strings with holes go on.
//
// State is one byte for each interpolated string that is open: the number of `$` before its `'''`, or 0 for a single-line string. Braces
// need no counting: a `}` continues a string exactly in the parser states that can take a piece of one.

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <string.h>

// The order of `externals` in grammar.js.
enum TokenType {
  NEWLINE,
  SAME_LINE,
  STRING,
  MULTILINE_STRING,
  STRING_LEFT,
  STRING_MIDDLE,
  STRING_RIGHT,
  MULTILINE_STRING_LEFT,
  MULTILINE_STRING_MIDDLE,
  MULTILINE_STRING_RIGHT,
  OPEN_TEXT,
  OPEN_MULTILINE_TEXT,
  MISSING_QUOTE,
  MISSING_QUOTES,
  ERROR_SENTINEL,
};

// Deeper nesting than this is reported as an unterminated string. It bounds what is serialised.
#define MAX_DEPTH 200

// More signs than this before quotes begin no string; it bounds how far the scanner looks ahead from each of them.
#define MAX_DOLLARS 32

typedef struct {
  uint8_t depth;
  uint8_t dollars[MAX_DEPTH];
} Scanner;

static bool is_line_break(int32_t c) { return c == '\n' || c == '\r'; }

static bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }

// From inside a comment's or pragma's first line to its end; the break itself is left.
static void to_end_of_line(TSLexer *lexer) {
  while (!lexer->eof(lexer) && !is_line_break(lexer->lookahead)) lexer->advance(lexer, false);
}

static void to_end_of_block_comment(TSLexer *lexer) {
  lexer->advance(lexer, false);
  while (!lexer->eof(lexer)) {
    bool star = lexer->lookahead == '*';
    lexer->advance(lexer, false);
    if (star && lexer->lookahead == '/') {
      lexer->advance(lexer, false);
      return;
    }
  }
}

// Whether what follows the line break, past comments and pragmas, continues the line before it: the `?` or `:` of a conditional, the `|` of
// a union. Looks ahead only.
static bool continues_after_break(TSLexer *lexer) {
  for (;;) {
    int32_t c = lexer->lookahead;
    switch (c) {
      case ' ':
      case '\t':
      case '\n':
      case '\r':
        lexer->advance(lexer, false);
        continue;
      case '/':
        lexer->advance(lexer, false);
        if (lexer->lookahead == '/') {
          to_end_of_line(lexer);
          continue;
        }
        if (lexer->lookahead == '*') {
          to_end_of_block_comment(lexer);
          continue;
        }
        return false;
      case '#':
        to_end_of_line(lexer);
        continue;
      case '?':
      case ':':
      case '|':
        lexer->advance(lexer, false);
        return lexer->lookahead != c;
      default:
        return false;
    }
  }
}

static bool accept(TSLexer *lexer, enum TokenType token) {
  lexer->mark_end(lexer);
  lexer->result_symbol = token;
  return true;
}

static bool scan_newline(Scanner *scanner, TSLexer *lexer) {
  bool in_hole = scanner->depth > 0;
  do lexer->advance(lexer, false);
  while (is_line_break(lexer->lookahead) || is_blank(lexer->lookahead));
  accept(lexer, NEWLINE);
  if (in_hole) {
    // A hole may not span lines: every string that is open ends here, with an error.
    scanner->depth = 0;
    return true;
  }
  return !continues_after_break(lexer);
}

// A string without an end also ends the strings around it.
static bool unterminated(Scanner *scanner, TSLexer *lexer, enum TokenType token) {
  scanner->depth = 0;
  return accept(lexer, token);
}

static bool open_hole(Scanner *scanner, TSLexer *lexer, bool first, uint8_t dollars, enum TokenType left) {
  if (first) {
    if (scanner->depth == MAX_DEPTH) return unterminated(scanner, lexer, left == STRING_LEFT ? OPEN_TEXT : OPEN_MULTILINE_TEXT);
    scanner->dollars[scanner->depth++] = dollars;
    return accept(lexer, left);
  }
  return accept(lexer, left + 1);
}

static bool close_string(Scanner *scanner, TSLexer *lexer, bool first, enum TokenType whole, enum TokenType left) {
  if (first) return accept(lexer, whole);
  scanner->depth--;
  return accept(lexer, left + 2);
}

// The rest of a single-line string, its opening `'` or `}` being read.
static bool scan_single_line(Scanner *scanner, TSLexer *lexer, bool first) {
  while (!lexer->eof(lexer)) {
    switch (lexer->lookahead) {
      case '\n':
      case '\r':
        return unterminated(scanner, lexer, OPEN_TEXT);
      case '\'':
        lexer->advance(lexer, false);
        return close_string(scanner, lexer, first, STRING, STRING_LEFT);
      case '$':
        lexer->advance(lexer, false);
        if (lexer->lookahead == '{') {
          lexer->advance(lexer, false);
          return open_hole(scanner, lexer, first, 0, STRING_LEFT);
        }
        break;
      case '\\':
        lexer->advance(lexer, false);
        if (lexer->eof(lexer) || is_line_break(lexer->lookahead)) return unterminated(scanner, lexer, OPEN_TEXT);
        if (lexer->lookahead == '$') {
          lexer->advance(lexer, false);
          if (lexer->lookahead == '{') lexer->advance(lexer, false);
        } else {
          lexer->advance(lexer, false);
        }
        break;
      default:
        lexer->advance(lexer, false);
    }
  }
  return unterminated(scanner, lexer, OPEN_TEXT);
}

// The rest of a multi-line string, its opening quotes or `}` being read. Without `$` before the quotes there are no holes.
static bool scan_multiline(Scanner *scanner, TSLexer *lexer, bool first, uint8_t dollars) {
  while (!lexer->eof(lexer)) {
    if (lexer->lookahead == '\'') {
      unsigned quotes = 0;
      while (lexer->lookahead == '\'') {
        lexer->advance(lexer, false);
        if (quotes < 3) quotes++;
      }
      if (quotes == 3) return close_string(scanner, lexer, first, MULTILINE_STRING, MULTILINE_STRING_LEFT);
    } else if (lexer->lookahead == '$' && dollars > 0) {
      unsigned run = 0;
      while (lexer->lookahead == '$') {
        lexer->advance(lexer, false);
        if (run < MAX_DOLLARS) run++;
      }
      if (run >= dollars && lexer->lookahead == '{') {
        lexer->advance(lexer, false);
        return open_hole(scanner, lexer, first, dollars, MULTILINE_STRING_LEFT);
      }
    } else {
      lexer->advance(lexer, false);
    }
  }
  return unterminated(scanner, lexer, OPEN_MULTILINE_TEXT);
}

static bool scan_opening(Scanner *scanner, TSLexer *lexer) {
  unsigned dollars = 0;
  while (lexer->lookahead == '$') {
    if (dollars == MAX_DOLLARS) return false;
    lexer->advance(lexer, false);
    dollars++;
  }
  if (lexer->lookahead != '\'') return false;
  lexer->advance(lexer, false);
  if (dollars == 0) {
    if (lexer->lookahead != '\'') return scan_single_line(scanner, lexer, true);
    lexer->advance(lexer, false);
    if (lexer->lookahead != '\'') return accept(lexer, STRING);
    lexer->advance(lexer, false);
    return scan_multiline(scanner, lexer, true, 0);
  }
  for (unsigned i = 0; i < 2; i++) {
    if (lexer->lookahead != '\'') return false;
    lexer->advance(lexer, false);
  }
  return scan_multiline(scanner, lexer, true, (uint8_t)dollars);
}

void *tree_sitter_bicep_external_scanner_create(void) {
  return ts_calloc(1, sizeof(Scanner));
}

void tree_sitter_bicep_external_scanner_destroy(void *payload) { ts_free(payload); }

unsigned tree_sitter_bicep_external_scanner_serialize(void *payload, char *buffer) {
  Scanner *scanner = payload;
  memcpy(buffer, scanner->dollars, scanner->depth);
  return scanner->depth;
}

void tree_sitter_bicep_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  scanner->depth = length > MAX_DEPTH ? MAX_DEPTH : (uint8_t)length;
  if (scanner->depth > 0) memcpy(scanner->dollars, buffer, scanner->depth);
}

// While the parser recovers from an error every token counts as valid, ERROR_SENTINEL too; what the text is does not depend on it then.
bool tree_sitter_bicep_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = payload;
  // The generated lexer knows nothing of strings, so white space before one is for this scanner to skip.
  bool breaks = scanner->depth > 0 || valid[NEWLINE] || valid[SAME_LINE] || valid[MISSING_QUOTE];
  while (is_blank(lexer->lookahead) || (!breaks && is_line_break(lexer->lookahead))) lexer->advance(lexer, true);
  switch (lexer->lookahead) {
    case '\n':
    case '\r':
      return scan_newline(scanner, lexer);
    case '\'':
    case '$':
      return valid[STRING] && scan_opening(scanner, lexer);
    case '}': {
      if (scanner->depth == 0) return false;
      uint8_t dollars = scanner->dollars[scanner->depth - 1];
      if (!valid[dollars > 0 ? MULTILINE_STRING_RIGHT : STRING_RIGHT]) return false;
      lexer->advance(lexer, false);
      return dollars > 0 ? scan_multiline(scanner, lexer, false, dollars) : scan_single_line(scanner, lexer, false);
    }
    default:
      return false;
  }
}
