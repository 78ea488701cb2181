# The least that a root module says. See ../../README.md for everything else that can be given.
{{.Versions}}
provider "aws" {}

module "connect_async" {
  source = "../.."

  package = var.package
{{range .Required}}{{if not .Optional}}  {{.Name}} = var.{{.Name}}
{{end}}{{end}}}

variable "package" {
  description = "Path of the async function's deployment package, from connect-async build"
  type        = string
}
{{range .Required}}{{if not .Optional}}
variable "{{.Name}}" {
  description = "{{.Description}}"
  type        = string
}
{{end}}{{end}}
output "async_function_arn" {
  description = "ARN of the async function, for the flow's Lambda blocks"
  value       = module.connect_async.async_function_arn
}
