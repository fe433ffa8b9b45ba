package locales

import (
	"regexp"
	"slices"
	"strings"
)

// Template is a message template that Zalo has approved for the office
// (templates.toml). It says on its own what a text of ours would say, where no
// free message may go any more.
type Template struct {
	ID     string            // at Zalo
	Params map[string]string // name of the parameter -> its type, one of templateTypes
}

// templateTypes are the types a template's parameter is registered with; each
// bounds its length. Source: reference zalo.md section 9.1.
var templateTypes = []string{"name", "phone", "address", "code", "label", "status", "contact", "title", "product", "amount", "date", "otp", "url", "currency", "bank note"}

var (
	templateID = regexp.MustCompile(`^[0-9]{1,20}$`)
	paramName  = regexp.MustCompile(`^[A-Za-z0-9_]{1,50}$`)
)

func readTemplates(f *file, c *Content) {
	f.fact()
	c.Templates = map[string]Template{}
	for _, name := range f.table("templates") {
		key := "templates." + name
		t := Template{ID: f.text(key+".id", 20), Params: map[string]string{}}
		if t.ID != "" && !templateID.MatchString(t.ID) {
			f.fault(key+".id", `%q is no template's id: write its digits, like "100001"`, t.ID)
		}
		for _, param := range f.table(key + ".params") {
			what := f.text(key+".params."+param, 20)
			if what != "" && !slices.Contains(templateTypes, what) {
				f.fault(key+".params."+param, "%q is no type of parameter: write one of %s", what, strings.Join(templateTypes, ", "))
			}
			if !paramName.MatchString(param) {
				f.fault(key+".params."+param, "is no parameter's name: letters, digits and _ only")
			}
			t.Params[param] = what
		}
		c.Templates[name] = t
	}
}
