# Plans with a mock of the provider: terraform init && terraform test. It needs no account, and creates nothing.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
}

variables {
  package = "README.md" # any file: nothing is uploaded
{{range .Given}}  {{.Name}} = {{.Value}}
{{end}}}

run "everything_has_the_name" {
  command = plan

  variables {
    name = "zz"
  }
{{range .Named}}
  assert {
    condition     = alltrue([for made in {{.Of}} : strcontains(made.{{.Attribute}}, "zz")])
    error_message = "The name of the {{.Noun}} lacks that of the deployment."
  }
{{end}}}

run "each_job_has_its_own" {
  command = plan
{{range .PerJob}}
  assert {
    condition     = toset(keys({{.}})) == toset([{{$.JobList}}])
    error_message = "{{.}} is not there for each job, or for something else."
  }
{{end}}{{range .Functions}}
  assert {
    condition     = toset(local.jobs["{{.Name}}"].functions) == toset([{{.Value}}])
    error_message = "The job {{.Name}} invokes other functions than its own."
  }
{{end}}}

run "nothing_that_is_not_given" {
  command = plan

  assert {
    condition     = aws_lambda_function.async.reserved_concurrent_executions == null
    error_message = "The async function has a reserved concurrency."
  }
{{if .Roles}}
  assert {
    condition     = alltrue([for role in {{.Roles}} : role.permissions_boundary == null])
    error_message = "A role has a permissions boundary."
  }
{{end}}{{if .Alarms}}
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == null])
    error_message = "An alarm tells a topic."
  }
{{end}}}

run "what_is_given" {
  command = plan

  variables {
    reserved_concurrency = 5
{{if .Roles}}    permissions_boundary_arn = "arn:aws:iam::111122223333:policy/boundary"
{{end}}{{if .Alarms}}    alarm_topic_arn = "arn:aws:sns:us-east-1:111122223333:alarms"
{{end}}  }

  assert {
    condition     = aws_lambda_function.async.reserved_concurrent_executions == 5
    error_message = "The async function lacks the reserved concurrency."
  }
{{if .Roles}}
  assert {
    condition     = alltrue([for role in {{.Roles}} : role.permissions_boundary == var.permissions_boundary_arn])
    error_message = "A role lacks the permissions boundary."
  }
{{end}}{{if .Alarms}}
  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      toset(alarm.alarm_actions) == toset([var.alarm_topic_arn]) && toset(alarm.ok_actions) == toset([var.alarm_topic_arn])
    ])
    error_message = "An alarm does not tell the topic."
  }
{{end}}}

run "wrong_values_are_refused" {
  command = plan

  variables {
{{range .Refused}}    {{.Name}} = {{.Value}}
{{end}}  }

  expect_failures = [{{range .Refused}}
    var.{{.Name}},{{end}}
  ]
}

run "the_package_has_to_be_there" {
  command = plan

  variables {
    package = "missing.zip"
  }

  expect_failures = [{{range .Functioning}}
    {{.}},{{end}}
  ]
}
