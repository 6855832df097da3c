// Built-in roles by what they are for.
@export()
var roles = {
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  identityOperator: 'f1a07417-d97a-45cb-824c-7a7467783830'
  networkContributor: '4d97b98b-1d4f-4787-a291-c67834d212e7'
  privateZoneContributor: 'b12aa53e-6015-4669-85d0-8515ebb3ae7f'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
}
