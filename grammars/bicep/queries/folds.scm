[
  (object)
  (array)
  (for_expression)
  (object_type)
  (tuple_type)
  (import_list)
  (parenthesized_expression)
  (call_expression)
  (method_call)
  (multiline_string)
  (interpolated_multiline_string)
  (comment)
] @fold
