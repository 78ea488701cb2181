package main

import "fmt"

func (a *account) events(operation string, in record) (record, error) {
	return a.call("events", "AWSEvents."+operation, in)
}

func rules(a *account) service {
	put := func(r record) error {
		in := record{"Name": r["name"], "State": "ENABLED"}
		for name, field := range map[string]string{"event_pattern": "EventPattern", "description": "Description",
			"schedule_expression": "ScheduleExpression"} {
			if v := r[name]; v != nil {
				in[field] = v
			}
		}
		_, err := a.events("PutRule", in)
		return err
	}
	return service{
		identity: []string{"name"},
		create:   func(r record) (record, error) { return nil, put(r) },
		update:   put,
		read: func(r record) (record, error) {
			out, err := a.events("DescribeRule", record{"Name": r["name"]})
			if err != nil {
				return nil, err
			}
			return record{"arn": out["Arn"], "event_pattern": out["EventPattern"], "id": r["name"]}, nil
		},
		remove: func(r record) error {
			_, err := a.events("DeleteRule", record{"Name": r["name"]})
			return err
		},
	}
}

func targets(a *account) service {
	put := func(r record) error {
		target := record{"Id": r["target_id"], "Arn": r["arn"]}
		if letters := r.block("dead_letter_config"); letters != nil {
			target["DeadLetterConfig"] = record{"Arn": letters["arn"]}
		}
		if policy := r.block("retry_policy"); policy != nil {
			target["RetryPolicy"] = record{"MaximumEventAgeInSeconds": policy["maximum_event_age_in_seconds"],
				"MaximumRetryAttempts": policy["maximum_retry_attempts"]}
		}
		out, err := a.events("PutTargets", record{"Rule": r["rule"], "Targets": []any{target}})
		if failed, _ := out["FailedEntryCount"].(float64); err == nil && failed > 0 {
			err = fmt.Errorf("the target is refused: %v", out["FailedEntries"])
		}
		return err
	}
	return service{
		identity: []string{"rule", "target_id"},
		create:   func(r record) (record, error) { return nil, put(r) },
		update:   put,
		read: func(r record) (record, error) {
			out, err := a.events("ListTargetsByRule", record{"Rule": r["rule"]})
			if err != nil {
				return nil, err
			}
			list, _ := out["Targets"].([]any)
			for _, each := range list {
				if target := asRecord(each); target["Id"] == r["target_id"] {
					return record{"arn": target["Arn"]}, nil
				}
			}
			return nil, errMissing
		},
		remove: func(r record) error {
			_, err := a.events("RemoveTargets", record{"Rule": r["rule"], "Ids": []any{r["target_id"]}})
			return err
		},
	}
}

func (a *account) sqs(operation string, in record) (record, error) {
	return a.call("sqs", "AmazonSQS."+operation, in)
}

func queues(a *account) service {
	attributes := func(r record) record {
		out := record{}
		for name, field := range map[string]string{"message_retention_seconds": "MessageRetentionPeriod",
			"sqs_managed_sse_enabled": "SqsManagedSseEnabled", "kms_master_key_id": "KmsMasterKeyId"} {
			if v := r[name]; v != nil {
				out[field] = fmt.Sprint(v)
			}
		}
		return out
	}
	read := func(r record) (record, error) {
		out, err := a.sqs("GetQueueUrl", record{"QueueName": r["name"]})
		if err != nil {
			return nil, err
		}
		return record{"url": out["QueueUrl"], "id": out["QueueUrl"], "arn": a.arn("sqs", r.text("name"))}, nil
	}
	return service{
		identity: []string{"name"},
		create: func(r record) (record, error) {
			_, err := a.sqs("CreateQueue", record{"QueueName": r["name"], "Attributes": attributes(r)})
			return nil, err
		},
		update: func(r record) error {
			_, err := a.sqs("SetQueueAttributes", record{"QueueUrl": r["url"], "Attributes": attributes(r)})
			return err
		},
		read: read,
		remove: func(r record) error {
			_, err := a.sqs("DeleteQueue", record{"QueueUrl": r["url"]})
			return err
		},
	}
}

func queuePolicies(a *account) service {
	set := func(r record, policy string) error {
		_, err := a.sqs("SetQueueAttributes", record{"QueueUrl": r["queue_url"],
			"Attributes": record{"Policy": policy}})
		return err
	}
	return service{
		identity: []string{"queue_url"},
		create:   func(r record) (record, error) { return nil, set(r, r.text("policy")) },
		update:   func(r record) error { return set(r, r.text("policy")) },
		read: func(r record) (record, error) {
			out, err := a.sqs("GetQueueAttributes", record{"QueueUrl": r["queue_url"],
				"AttributeNames": []any{"Policy"}})
			if err != nil {
				return nil, err
			}
			policy := asRecord(out["Attributes"]).text("Policy")
			if policy == "" {
				return nil, errMissing
			}
			return record{"policy": policy, "id": r["queue_url"]}, nil
		},
		remove: func(r record) error { return set(r, "") },
	}
}
