// Built-in roles by what they are for.
@export()
var roles = {
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  certificateUser: 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba'
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c'
  cryptoUser: '12338af0-0e69-4776-bea7-57ae8d297424'
  dnsContributor: 'befefa01-2a29-4197-83a8-272ff33ce314'
  encryptionUser: 'e147488a-f6f5-4113-8e2d-b22465e65bf6'
  networkContributor: '4d97b98b-1d4f-4787-a291-c67834d212e7'
  privateZoneContributor: 'b12aa53e-6015-4669-85d0-8515ebb3ae7f'
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
}

@export()
func roleId(role string) string =>
  subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
