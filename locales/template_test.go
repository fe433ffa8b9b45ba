package locales

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lensan/bot/zalo"
)

const goodTemplates = `source = "a"
checked = 2026-11-20
[templates.nudge]
id = "100001"
[templates.nudge.params]
customer_name = "name"
date = "date"
`

// TestTemplates: none are built in; an office has its own.
func TestTemplates(t *testing.T) {
	t.Parallel()
	sample, err := LoadContent("")
	if err != nil || len(sample.Templates) > 0 {
		t.Errorf("%v, %v", sample.Templates, err)
	}
	own, err := LoadContent(folder(t, map[string]string{"templates.toml": goodTemplates}))
	want := map[string]Template{"nudge": {ID: "100001", Params: map[string]string{"customer_name": "name", "date": "date"}}}
	if err != nil || !reflect.DeepEqual(own.Templates, want) {
		t.Errorf("%v, %v", own, err)
	}
	none, err := LoadContent(folder(t, map[string]string{"templates.toml": "-"}))
	if err != nil || len(none.Templates) > 0 {
		t.Errorf("a folder from before there were templates: %v, %v", none, err)
	}
}

// TestTemplateExample: the example in the built-in file is a good one.
func TestTemplateExample(t *testing.T) {
	t.Parallel()
	data, err := sample.ReadFile("content/templates.toml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("# [templates", "[templates", "# id", "id", "# customer_name", "customer_name", "# product ", "product ", "# code ", "code ", "[templates]\n", "").Replace(string(data))
	c, err := LoadContent(folder(t, map[string]string{"templates.toml": text}))
	if err != nil || len(c.Templates["lostphoto"].Params) != 3 {
		t.Errorf("%v in\n%s", err, text)
	}
}

func TestBrokenTemplates(t *testing.T) {
	t.Parallel()
	_, err := LoadContent(folder(t, map[string]string{"templates.toml": `source = "a"
checked = 2026-11-20
[templates.nudge]
id = "ZBS-1"
[templates.nudge.params]
customer-name = "name"
date = "day"
[templates.certificate]
[templates.certificate.params]
`}))
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{"templates.toml:4: templates.nudge.id: ", "templates.toml:6: templates.nudge.params.customer-name: ",
		`templates.toml:7: templates.nudge.params.date: "day" is no type`, "templates.toml:8: templates.certificate.id: is missing"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
}

// TestTemplateTypes: what an office may write is what the channel knows.
func TestTemplateTypes(t *testing.T) {
	t.Parallel()
	if got, want := slices.Sorted(slices.Values(templateTypes)), slices.Sorted(maps.Keys(zalo.ParamTypes)); !slices.Equal(got, want) {
		t.Errorf("%q, the channel knows %q", got, want)
	}
}
