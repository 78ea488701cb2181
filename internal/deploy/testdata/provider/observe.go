package main

import (
	"fmt"
	"net/url"
	"strconv"
)

const logsTarget = "Logs_20140328."

func logGroups(a *account) service {
	logs := func(operation string, in record) (record, error) { return a.call("logs", logsTarget+operation, in) }
	retain := func(r record) error {
		in := record{"logGroupName": r["name"]}
		operation := "DeleteRetentionPolicy"
		if days, _ := r["retention_in_days"].(float64); days > 0 {
			operation, in["retentionInDays"] = "PutRetentionPolicy", days
		}
		_, err := logs(operation, in)
		return err
	}
	s := service{identity: []string{"name"}, update: retain}
	s.create = func(r record) (record, error) {
		in := record{"logGroupName": r["name"]}
		if key := r.text("kms_key_id"); key != "" {
			in["kmsKeyId"] = key
		}
		if _, err := logs("CreateLogGroup", in); err != nil {
			return nil, err
		}
		return nil, retain(r)
	}
	s.read = func(r record) (record, error) {
		out, err := logs("DescribeLogGroups", record{"logGroupNamePrefix": r["name"]})
		if err != nil {
			return nil, err
		}
		list, _ := out["logGroups"].([]any)
		for _, each := range list {
			if g := asRecord(each); g["logGroupName"] == r["name"] {
				return record{"arn": a.arn("logs", "log-group:"+r.text("name")),
					"retention_in_days": g["retentionInDays"], "kms_key_id": g["kmsKeyId"]}, nil
			}
		}
		return nil, errMissing
	}
	s.remove = func(r record) error {
		if keep, _ := r["skip_destroy"].(bool); keep {
			return nil
		}
		_, err := logs("DeleteLogGroup", record{"logGroupName": r["name"]})
		return err
	}
	return s
}

func (a *account) cloudWatch(action string, form url.Values) (string, error) {
	return a.query("monitoring", "2010-08-01", action, form)
}

func dashboards(a *account) service {
	put := func(r record) error {
		_, err := a.cloudWatch("PutDashboard", url.Values{"DashboardName": {r.text("dashboard_name")},
			"DashboardBody": {r.text("dashboard_body")}})
		return err
	}
	return service{
		identity: []string{"dashboard_name"},
		create:   func(r record) (record, error) { return nil, put(r) },
		update:   put,
		read: func(r record) (record, error) {
			out, err := a.cloudWatch("GetDashboard", url.Values{"DashboardName": {r.text("dashboard_name")}})
			return record{"dashboard_arn": element(out, "DashboardArn"),
				"dashboard_body": element(out, "DashboardBody")}, err
		},
		remove: func(r record) error {
			_, err := a.cloudWatch("DeleteDashboards", url.Values{
				"DashboardNames.member.1": {r.text("dashboard_name")}})
			return err
		},
	}
}

// alarmFields are the attributes of an alarm and their names in the request.
var alarmFields = map[string]string{
	"alarm_name": "AlarmName", "alarm_description": "AlarmDescription", "namespace": "Namespace",
	"metric_name": "MetricName", "statistic": "Statistic", "extended_statistic": "ExtendedStatistic",
	"period": "Period", "evaluation_periods": "EvaluationPeriods", "datapoints_to_alarm": "DatapointsToAlarm",
	"threshold": "Threshold", "comparison_operator": "ComparisonOperator", "treat_missing_data": "TreatMissingData",
}

func alarms(a *account) service {
	put := func(r record) error {
		_, err := a.cloudWatch("PutMetricAlarm", alarmForm(r))
		return err
	}
	one := func(r record) url.Values { return url.Values{"AlarmNames.member.1": {r.text("alarm_name")}} }
	return service{
		identity: []string{"alarm_name"},
		create:   func(r record) (record, error) { return nil, put(r) },
		update:   put,
		read: func(r record) (record, error) {
			out, err := a.cloudWatch("DescribeAlarms", one(r))
			if err != nil {
				return nil, err
			}
			said := record{"arn": element(out, "AlarmArn")}
			if said.text("arn") == "" {
				return nil, errMissing
			}
			for name, field := range alarmFields {
				if text := element(out, field); text == "" {
				} else if _, number := r[name].(float64); !number {
					said[name] = text
				} else if said[name], err = strconv.ParseFloat(text, 64); err != nil {
					return nil, err
				}
			}
			return said, nil
		},
		remove: func(r record) error {
			_, err := a.cloudWatch("DeleteAlarms", one(r))
			return err
		},
	}
}

func alarmForm(r record) url.Values {
	form := url.Values{}
	for name, field := range alarmFields {
		if v := r[name]; v != nil {
			form.Set(field, fmt.Sprint(v))
		}
	}
	n := 0
	for name, value := range asRecord(r["dimensions"]) {
		n++
		form.Set(fmt.Sprintf("Dimensions.member.%d.Name", n), name)
		form.Set(fmt.Sprintf("Dimensions.member.%d.Value", n), fmt.Sprint(value))
	}
	for name, field := range map[string]string{"alarm_actions": "AlarmActions", "ok_actions": "OKActions"} {
		list, _ := r[name].([]any)
		for i, topic := range list {
			form.Set(fmt.Sprintf("%s.member.%d", field, i+1), fmt.Sprint(topic))
		}
	}
	return form
}
