; Names come first, so that the more exact patterns after them win.

(identifier) @variable
(variable_reference) @variable
(property key: (identifier) @property)
(object_type_property key: (identifier) @property)
(property_access property: (identifier) @property)
(type_property_access property: (identifier) @property)
(resource_access resource: (identifier) @property)

(call_expression function: (identifier) @function.call)
(method_call method: (identifier) @function.method.call)
(function_declaration name: (identifier) @function)
(decorator "@" @attribute)
(decorator expression: (variable_reference) @attribute)
(decorator expression: (call_expression function: (identifier) @attribute))
(decorator expression: (method_call method: (identifier) @attribute))

(parameter_declaration name: (identifier) @variable.parameter)
(parameter_assignment name: (identifier) @variable.parameter)
(typed_parameter name: (identifier) @variable.parameter)
(lambda_parameters parameter: (identifier) @variable.parameter)
(import_item name: (identifier) @variable)
(wildcard_import alias: (identifier) @module)
(extension_declaration alias: (identifier) @module)

(type_declaration name: (identifier) @type.definition)
(type_reference) @type
(parameterized_type name: (identifier) @type)
(qualified_parameterized_type name: (identifier) @type)
((type_reference) @type.builtin
  (#any-of? @type.builtin "any" "array" "bool" "int" "object" "string" "resourceInput" "resourceOutput"))

(resource_declaration type: (_) @string.special)
(module_declaration path: (_) @string.special.path)
(import_declaration path: (_) @string.special.path)
(using_declaration path: (string) @string.special.path)
(extends_declaration path: (_) @string.special.path)

[
  (string)
  (multiline_string)
  (string_left)
  (string_middle)
  (string_right)
  (multiline_string_left)
  (multiline_string_middle)
  (multiline_string_right)
] @string

(integer) @number
(boolean) @boolean
(null) @constant.builtin
(none_literal) @constant.builtin
(comment) @comment
(pragma) @keyword.directive

[
  "targetScope"
  "metadata"
  "param"
  "var"
  "type"
  "func"
  "resource"
  "module"
  "output"
  "assert"
  "test"
  "extension"
  "extensionConfig"
  "existing"
  "with"
  "as"
] @keyword

[
  "import"
  "from"
  "using"
  "extends"
] @keyword.import

[
  "if"
] @keyword.conditional

[
  "for"
  "in"
] @keyword.repeat

[
  "="
  "=>"
  "?"
  "??"
  "||"
  "&&"
  "=="
  "!="
  "=~"
  "!~"
  "<"
  "<="
  ">"
  ">="
  "+"
  "-"
  "*"
  "/"
  "%"
  "!"
  "|"
  "..."
  "^"
] @operator

[
  "{"
  "}"
  "["
  "]"
  "("
  ")"
] @punctuation.bracket

[
  ","
  "."
  ":"
  "::"
] @punctuation.delimiter
