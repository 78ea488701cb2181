package asl

import (
	"strings"
	"testing"
)

// TestItemReaderData reads what an ItemReader would have found, in each of its forms.
func TestItemReaderData(t *testing.T) {
	for _, test := range []struct {
		config     readerConfig
		data, want string
	}{
		{readerConfig{}, `[1, {"a": 2}]`, `[1,{"a":2}]`},
		{readerConfig{inputType: "JSON", pointer: "/a~1b/1/c"}, `{"a/b":[0,{"c":[3]}]}`, `[3]`},
		{readerConfig{inputType: "JSON", pointer: "/a"}, `{"b":[]}`, "ItemsPointer /a leads nowhere"},
		{readerConfig{inputType: "JSON"}, `{}`, "they must be a JSON array"},
		{readerConfig{inputType: "JSON"}, `[`, "the data of the ItemReader: "},
		{readerConfig{inputType: "JSONL"}, "{\"a\":1}\n\n2\n", `[{"a":1},2]`},
		{readerConfig{inputType: "JSONL"}, "1\nx", "line 2: "},
		{readerConfig{inputType: "CSV"}, "a,b\n1,\"x,y\"\n2\n", `[{"a":"1","b":"x,y"},{"a":"2","b":""}]`},
		{readerConfig{inputType: "CSV", headers: []string{"a"}, delimiter: "PIPE"}, "1|2\n", `[{"a":"1"}]`},
		{readerConfig{inputType: "CSV"}, `"`, "the data of the ItemReader: "},
		{readerConfig{inputType: "PARQUET"}, "", "items in PARQUET are not read here"},
	} {
		d := distributedMap{reader: true, config: test.config}
		read, err := d.read(test.data)
		switch {
		case err == nil && string(encode(read.items)) != test.want:
			t.Errorf("%+v %s: got %s, want %s", test.config, test.data, encode(read.items), test.want)
		case err != nil && !strings.Contains(err.Error(), test.want):
			t.Errorf("%+v %s: got %v, want %s", test.config, test.data, err, test.want)
		}
	}
}
