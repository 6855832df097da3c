// A node pool beside the system pool.
@export()
type pool = {
  @maxLength(12)
  name: string
  size: string
  min: int
  max: int
}
