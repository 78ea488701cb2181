package deploy

// asyncLogGroup is where Lambda writes the async function's log.
const asyncLogGroup = "/aws/lambda/" + asyncFunction

// logGroup keeps the log of the async function, of the function for ends or of a state machine for a limited time.
type logGroup struct {
	name, group string
	stack       *Stack
}

func (l logGroup) cloudFormation() resource {
	p := properties("LogGroupName", textOf(l.group), "RetentionInDays", textOf("${var.log_retention_days}"))
	if l.stack.settings.Encryption {
		p = p.with("KmsKeyId", textOf("${var.kms_key_arn}"))
	}
	return resource{key: "log." + l.name, kind: "AWS::Logs::LogGroup", properties: p,
		retained: l.stack.settings.KeepLogs}
}

func (l logGroup) terraform() resource {
	p := properties("name", textOf(l.group), "retention_in_days", textOf("${var.log_retention_days}"))
	if l.stack.settings.Encryption {
		p = p.with("kms_key_id", textOf("${var.kms_key_arn}"))
	}
	if l.stack.settings.KeepLogs {
		p = p.with("skip_destroy", truth(true))
	}
	return resource{key: "log." + l.name, kind: "aws_cloudwatch_log_group", properties: p}
}
