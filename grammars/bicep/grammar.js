/**
 * Bicep, as its compiler reads it: `.bicep` and `.bicepparam` files in one grammar.
 *
 * Three decisions shape this file.
 *
 * Newlines are tokens only where they mean something. The external scanner hands out `_newline` in the states that can use one (after a
 * statement, a decorator, an item of an array or object); everywhere else, inside parentheses above all, a line break is white space. A line
 * break before `?`, `:` or `|` never counts, since those continue an expression or a union. Where the language forbids a break although the
 * parser could go on reading (after the `:` of a property, the `=` of a declaration, a dot), the grammar mentions `_same_line`, a token that never
 * comes: its mere validity makes the scanner report the break, so a half-typed property cannot swallow the next one.
 *
 * A string without holes is one token, and an interpolated one is made of pieces (`'a ${`, `} b ${`, `} c'`) around expressions, which is what
 * the compiler does too. The scanner keeps the stack of open strings.
 *
 * Levels are rules where the language has levels (`!` takes a member expression, `?` on a type takes no further `[]`), and static precedence
 * orders the binary operators. The one real ambiguity, `(a)` against `(a) => b`, is left to the parser to follow both ways for one token.
 */

// A lambda's body goes as far as it can: every operator, `?` too, stands above the reduction that would end it (which has none, so 0).
const PREC = {
  lambda: -1,
  conditional: 1,
  coalesce: 2,
  or: 3,
  and: 4,
  equality: 5,
  relational: 6,
  additive: 7,
  multiplicative: 8,
};

/** Items of an array, object, object type or import list: parted by a comma or by line breaks, a last separator is allowed. */
const items = ($, item) => optional(seq(item, repeat(seq(choice(',', $._newline), item)), optional(choice(',', $._newline))));

/** Arguments: parted by commas, none at the end; line breaks mean nothing. */
const arguments_ = (item) => optional(seq(item, repeat(seq(',', item))));

/** `= value`, the value beginning on the same line. */
const assigned = ($, field_name, value) => seq('=', optional($._same_line), field(field_name, value));

export default grammar({
  name: 'bicep',

  externals: ($) => [
    $._newline,
    $._same_line,
    $.string,
    $.multiline_string,
    $.string_left,
    $.string_middle,
    $.string_right,
    $.multiline_string_left,
    $.multiline_string_middle,
    $.multiline_string_right,
    // A string that does not end, up to the end of its line (or, with ''' before it, of the file), and the quotes that it lacks. Those never
    // come, so the parser must report them as missing, and everything around the string stays as it was.
    $._open_text,
    $._open_multiline_text,
    $._missing_quote,
    $._missing_quotes,
    $._error_sentinel,
  ],

  extras: ($) => [/[ \t\r\n]+/, $.comment, $.pragma],

  word: ($) => $.identifier,

  supertypes: ($) => [$.statement, $.expression, $.type, $.declared_type, $.string_literal],

  conflicts: ($) => [[$._primary, $.lambda_parameters]],

  rules: {
    source_file: ($) =>
      optional(seq(field('statement', $.statement), repeat(seq($._newline, field('statement', $.statement))), optional($._newline))),

    // Statements

    statement: ($) =>
      choice(
        $.target_scope_declaration,
        $.metadata_declaration,
        $.parameter_declaration,
        $.parameter_assignment,
        $.variable_declaration,
        $.type_declaration,
        $.function_declaration,
        $.resource_declaration,
        $.module_declaration,
        $.output_declaration,
        $.assert_declaration,
        $.test_declaration,
        $.import_declaration,
        $.extension_declaration,
        $.using_declaration,
        $.extends_declaration,
        $.extension_config,
      ),

    _decorators: ($) => repeat1(seq(field('decorator', $.decorator), $._newline)),

    decorator: ($) => seq('@', field('expression', choice(variableReference($), $.call_expression, $.method_call, $.property_access))),

    target_scope_declaration: ($) => seq(optional($._decorators), 'targetScope', assigned($, 'value', $.expression)),

    metadata_declaration: ($) => seq(optional($._decorators), 'metadata', field('name', $.identifier), assigned($, 'value', $.expression)),

    parameter_declaration: ($) =>
      seq(
        optional($._decorators),
        'param',
        field('name', $.identifier),
        optional($._same_line),
        field('type', $.declared_type),
        optional(assigned($, 'default', $.expression)),
      ),

    // The form of a parameter in a `.bicepparam` file.
    parameter_assignment: ($) => seq(optional($._decorators), 'param', field('name', $.identifier), assigned($, 'value', $.expression)),

    variable_declaration: ($) =>
      seq(
        optional($._decorators),
        'var',
        field('name', $.identifier),
        optional(field('type', $.declared_type)),
        assigned($, 'value', $.expression),
      ),

    type_declaration: ($) => seq(optional($._decorators), 'type', field('name', $.identifier), assigned($, 'value', $.declared_type)),

    function_declaration: ($) =>
      seq(
        optional($._decorators),
        'func',
        field('name', $.identifier),
        '(',
        arguments_(field('parameter', $.typed_parameter)),
        ')',
        field('return_type', $.declared_type),
        '=>',
        field('body', $.expression),
      ),

    typed_parameter: ($) => seq(field('name', $.identifier), field('type', $.declared_type)),

    resource_declaration: ($) =>
      seq(
        optional($._decorators),
        'resource',
        field('name', $.identifier),
        field('type', $.string_literal),
        optional(field('existing', 'existing')),
        '=',
        field('body', choice(alias($.resource_object, $.object), alias($._resource_if, $.if_body), alias($._resource_for, $.for_expression))),
      ),

    module_declaration: ($) =>
      seq(
        optional($._decorators),
        'module',
        field('name', $.identifier),
        field('path', $.string_literal),
        '=',
        field('body', choice($.object, $.if_body, alias($._module_for, $.for_expression))),
      ),

    output_declaration: ($) =>
      seq(
        optional($._decorators),
        'output',
        field('name', $.identifier),
        optional($._same_line),
        field('type', $.declared_type),
        assigned($, 'value', $.expression),
      ),

    assert_declaration: ($) => seq(optional($._decorators), 'assert', field('name', $.identifier), assigned($, 'condition', $.expression)),

    test_declaration: ($) =>
      seq(optional($._decorators), 'test', field('name', $.identifier), field('path', $.string_literal), '=', field('body', $.object)),

    import_declaration: ($) =>
      seq(optional($._decorators), 'import', field('symbols', choice($.import_list, $.wildcard_import)), 'from', field('path', $.string_literal)),

    import_list: ($) => seq('{', items($, field('item', $.import_item)), '}'),

    import_item: ($) => choice(
      seq(field('name', $.identifier), optional(seq('as', field('alias', $.identifier)))),
      seq(field('name', $.string), 'as', field('alias', $.identifier)),
    ),

    wildcard_import: ($) => seq('*', 'as', field('alias', $.identifier)),

    // `import 'name'` is the older spelling of `extension 'name'`.
    extension_declaration: ($) =>
      seq(
        optional($._decorators),
        choice(seq('extension', field('specification', choice($.identifier, $.string_literal))), seq('import', field('specification', $.string_literal))),
        optional(field('with', $.with_clause)),
        optional(seq('as', field('alias', $.identifier))),
      ),

    with_clause: ($) => seq('with', field('config', $.object)),

    using_declaration: ($) =>
      seq(optional($._decorators), 'using', field('path', choice($.string_literal, $.none_literal)), optional(field('with', $.with_clause))),

    none_literal: (_) => 'none',

    extends_declaration: ($) => seq(optional($._decorators), 'extends', field('path', $.string_literal)),

    extension_config: ($) => seq(optional($._decorators), 'extensionConfig', field('alias', $.identifier), field('with', $.with_clause)),

    // Bodies of resources and modules: an object, perhaps under a condition, perhaps in a loop. A resource's own object may hold resources.

    if_body: ($) => seq('if', field('condition', $.parenthesized_expression), field('body', $.object)),
    _resource_if: ($) => seq('if', field('condition', $.parenthesized_expression), field('body', alias($.resource_object, $.object))),

    _resource_for: ($) => seq(forHead($), field('body', choice(alias($.resource_object, $.object), alias($._resource_if, $.if_body))), ']'),
    _module_for: ($) => seq(forHead($), field('body', choice($.object, $.if_body)), ']'),

    resource_object: ($) =>
      seq('{', items($, field('item', choice(alias($._resource_property, $.property), $.spread, $.resource_declaration))), '}'),

    // `resource` begins a nested declaration here, so as a key it must be named.
    _resource_property: ($) => seq(field('key', choice($.identifier, alias('resource', $.identifier), $.string_literal)), propertyValue($)),

    // Expressions

    expression: ($) => choice($.conditional_expression, $._operand),

    _operand: ($) => choice($.binary_expression, $.unary_expression, $._unary_operand),

    _unary_operand: ($) => choice($.lambda_expression, $._primary),

    // What may be followed by `.`, `[`, `::` or `!`.
    _primary: ($) =>
      choice(
        variableReference($),
        $.call_expression,
        $.method_call,
        $.property_access,
        $.index_access,
        $.resource_access,
        $.non_null_assertion,
        $.parenthesized_expression,
        $.object,
        $.array,
        $.for_expression,
        $._literal,
      ),

    _literal: ($) => choice($.string_literal, $.integer, $.boolean, $.null),

    conditional_expression: ($) =>
      prec.right(
        PREC.conditional,
        seq(field('condition', $._operand), '?', field('consequence', $.expression), ':', field('alternative', $.expression)),
      ),

    binary_expression: ($) =>
      choice(
        ...[
          [PREC.coalesce, ['??']],
          [PREC.or, ['||']],
          [PREC.and, ['&&']],
          [PREC.equality, ['==', '!=', '=~', '!~']],
          [PREC.relational, ['<', '<=', '>', '>=']],
          [PREC.additive, ['+', '-']],
          [PREC.multiplicative, ['*', '/', '%']],
        ].map(([precedence, operators]) =>
          prec.left(
            precedence,
            seq(
              field('left', $._operand),
              field('operator', operators.length === 1 ? operators[0] : choice(...operators)),
              field('right', $._operand),
            ),
          ),
        ),
      ),

    unary_expression: ($) => seq(field('operator', choice('!', '-')), field('operand', $._unary_operand)),

    lambda_expression: ($) =>
      prec.right(
        PREC.lambda,
        seq(field('parameters', choice(alias($._lambda_parameter, $.lambda_parameters), $.lambda_parameters)), '=>', field('body', $.expression)),
      ),

    lambda_parameters: ($) => seq('(', arguments_(field('parameter', $.identifier)), ')'),
    _lambda_parameter: ($) => field('parameter', $.identifier),

    parenthesized_expression: ($) => seq('(', field('expression', $.expression), ')'),

    call_expression: ($) => seq(field('function', $.identifier), '(', arguments_(field('argument', $.expression)), ')'),

    method_call: ($) =>
      seq(field('object', $._primary), '.', optional($._same_line), field('method', $.identifier), '(', arguments_(field('argument', $.expression)), ')'),

    property_access: ($) => seq(field('object', $._primary), '.', optional($._same_line), optional(field('safe', '?')), field('property', $.identifier)),

    index_access: ($) =>
      seq(
        field('object', $._primary),
        '[',
        optional(field('safe', '?')),
        optional(field('from_end', '^')),
        field('index', $.expression),
        ']',
      ),

    resource_access: ($) => seq(field('object', $._primary), '::', field('resource', $.identifier)),

    non_null_assertion: ($) => seq(field('operand', $._primary), '!'),

    object: ($) => seq('{', items($, field('item', choice($.property, $.spread))), '}'),

    property: ($) => seq(field('key', choice($.identifier, $.string_literal)), propertyValue($)),

    spread: ($) => seq('...', field('value', $.expression)),

    array: ($) => seq('[', items($, field('item', choice($.expression, $.spread))), ']'),

    for_expression: ($) => seq(forHead($), field('body', $.expression), ']'),

    index_variables: ($) => seq('(', field('item', $.identifier), ',', field('index', $.identifier), ')'),

    // Types

    type: ($) => choice($.union_type, $._union_member),

    declared_type: ($) => choice($.type, $.resource_type, alias($._type_named_resource, $.parameterized_type)),

    // `resource 'type@version'`, or bare as the type of an output.
    resource_type: ($) => seq('resource', optional(field('type', $.string_literal))),
    _type_named_resource: ($) => seq(field('name', alias('resource', $.identifier)), typeArguments($)),

    union_type: ($) =>
      choice(
        seq('|', field('member', $._union_member), repeat(seq('|', field('member', $._union_member)))),
        seq(field('member', $._union_member), repeat1(seq('|', field('member', $._union_member)))),
      ),

    _union_member: ($) => choice($.nullable_type, $.non_nullable_type, $.unary_type, $._primary_type),

    nullable_type: ($) => seq(field('type', $._union_member), '?'),
    non_nullable_type: ($) => seq(field('type', $._union_member), '!'),
    unary_type: ($) => prec(1, seq(field('operator', choice('!', '-')), field('operand', $._primary_type))),

    _primary_type: ($) =>
      choice(
        alias($.identifier, $.type_reference),
        $.parameterized_type,
        $.qualified_parameterized_type,
        $.type_property_access,
        $.type_index_access,
        $.type_items_access,
        $.type_additional_properties_access,
        $.array_type,
        $.tuple_type,
        $.object_type,
        $.parenthesized_type,
        $._literal,
      ),

    parameterized_type: ($) => seq(field('name', $.identifier), typeArguments($)),

    qualified_parameterized_type: ($) => seq(field('object', $._primary_type), '.', optional($._same_line), field('name', $.identifier), typeArguments($)),

    type_property_access: ($) => seq(field('object', $._primary_type), '.', optional($._same_line), field('property', $.identifier)),

    type_index_access: ($) => seq(field('object', $._primary_type), '[', field('index', $.expression), ']'),

    type_items_access: ($) => seq(field('object', $._primary_type), '[', '*', ']'),

    type_additional_properties_access: ($) => seq(field('object', $._primary_type), '.', '*'),

    array_type: ($) => seq(field('element', $._primary_type), '[', ']'),

    tuple_type: ($) => seq('[', items($, field('item', $.tuple_type_item)), ']'),

    tuple_type_item: ($) => seq(optional($._decorators), field('type', $.type)),

    object_type: ($) => seq('{', items($, field('item', choice($.object_type_property, $.object_type_additional_properties))), '}'),

    object_type_property: ($) =>
      seq(optional($._decorators), field('key', choice($.identifier, $.string_literal)), ':', optional($._same_line), field('type', $.type)),

    object_type_additional_properties: ($) => seq(optional($._decorators), '*', ':', optional($._same_line), field('type', $.type)),

    parenthesized_type: ($) => seq('(', field('type', $.type), ')'),

    // Literals and trivia

    string_literal: ($) =>
      choice(
        $.string,
        $.multiline_string,
        $.interpolated_string,
        $.interpolated_multiline_string,
        alias($._open_string, $.string),
        alias($._open_multiline_string, $.multiline_string),
      ),

    _open_string: ($) => seq($._open_text, alias($._missing_quote, "'")),
    _open_multiline_string: ($) => seq($._open_multiline_text, alias($._missing_quotes, "'''")),

    interpolated_string: ($) =>
      seq(
        field('piece', $.string_left),
        field('expression', $.expression),
        repeat(seq(field('piece', $.string_middle), field('expression', $.expression))),
        field('piece', choice($.string_right, alias($._open_string, $.string_right))),
      ),

    interpolated_multiline_string: ($) =>
      seq(
        field('piece', $.multiline_string_left),
        field('expression', $.expression),
        repeat(seq(field('piece', $.multiline_string_middle), field('expression', $.expression))),
        field('piece', choice($.multiline_string_right, alias($._open_multiline_string, $.multiline_string_right))),
      ),

    identifier: (_) => /[A-Za-z_][A-Za-z0-9_]*/,
    integer: (_) => /[0-9]+/,
    boolean: (_) => choice('true', 'false'),
    null: (_) => 'null',

    comment: (_) => token(choice(seq('//', /[^\r\n]*/), seq('/*', /[^*]*\*+([^/*][^*]*\*+)*/, '/'))),

    pragma: (_) => token(seq('#', choice('disable-next-line', 'disable-diagnostics', 'restore-diagnostics'), /([ \t]+[A-Za-z0-9_-]+)*/)),
  },
});

function variableReference($) {
  return alias($.identifier, $.variable_reference);
}

function forHead($) {
  return seq('[', 'for', field('variable', choice($.identifier, $.index_variables)), 'in', field('iterated', $.expression), ':');
}

function propertyValue($) {
  return seq(':', optional($._same_line), field('value', $.expression));
}

function typeArguments($) {
  return seq('<', arguments_(field('argument', $.type)), '>');
}
