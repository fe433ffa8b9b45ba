package bottest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"lensan/bot"
)

// ZaloTemplate is a template as the platform approved it.
type ZaloTemplate struct {
	Params   map[string]string // name -> type of reference zalo.md section 9.1
	NotByID  bool              // older than 2025-12-10, or of a kind that goes by phone only
	Disabled bool
}

// zaloTypes are the types of parameters and the most characters they hold.
var zaloTypes = map[string]int{
	"name": 30, "phone": 15, "address": 200, "code": 30, "label": 30, "status": 30, "contact": 50, "title": 5, "product": 200,
	"amount": 20, "date": 20, "OTP": 10, "URL": 200, "currency": 12, "bank note": 90,
}

// AddTemplate approves a template.
func (f *Zalo) AddTemplate(id string, template ZaloTemplate) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, typ := range template.Params {
		if zaloTypes[typ] == 0 {
			f.t.Errorf("zalo: parameter %s has the unknown type %q", name, typ)
		}
	}
	f.templates[id] = template
}

// AddPhone gives somebody a number (84…) by which templates reach them.
func (f *Zalo) AddPhone(phone, user string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.phones[phone] = user
}

// templateCodes are the numbers one host has for what can be wrong with a
// template. The hosts disagree (section 11).
type templateCodes struct{ unknown, disabled, empty, wrong, missing, long, form int }

// fill checks a template's parameters and returns the message as it is shown.
func (f *Zalo) fill(c *zaloForm, codes templateCodes, id, data any) (bot.Reply, ZaloTemplate) {
	name := c.text("template_id", id, 30)
	t, known := f.templates[name]
	values, _ := data.(map[string]any)
	switch {
	case c.err != nil:
		return bot.Reply{}, t
	case !known:
		c.refuse(codes.unknown, "template %s is unknown", name)
	case t.Disabled:
		c.refuse(codes.disabled, "template %s is disabled", name)
		c.err.bug = false
	case len(values) == 0 && len(t.Params) > 0:
		c.refuse(codes.empty, "template_data is empty")
	}
	text := "template " + name
	for _, p := range slices.Sorted(maps.Keys(values)) {
		v, ok := values[p].(string)
		switch most := zaloTypes[t.Params[p]]; {
		case t.Params[p] == "":
			c.refuse(codes.wrong, "template %s has no parameter %s", name, p)
		case !ok || strings.TrimSpace(v) == "":
			c.refuse(codes.form, "parameter %s is not a string, or empty", p)
		case zaloLength(v) > most:
			c.refuse(codes.long, "parameter %s is longer than %d characters", p, most)
		}
		text += fmt.Sprintf("\n%s: %s", p, v)
	}
	for p := range t.Params {
		if _, ok := values[p]; !ok {
			c.refuse(codes.missing, "parameter %s is missing", p)
		}
	}
	return bot.Reply{Text: text}, t
}

// templateByID is section 9.2.
func (f *Zalo) templateByID(body any) (any, *zaloError) {
	c := &zaloForm{}
	o := c.object("body", body, "user_id", "template_id", "template_data")
	user := c.id("user_id", o["user_id"])
	f.mu.Lock()
	defer f.mu.Unlock()
	reply, t := f.fill(c, templateCodes{-201, -233, -201, -201, -201, -210, -201}, o["template_id"], o["template_data"])
	p := f.people[user]
	switch {
	case c.err != nil:
		return nil, c.err
	case t.NotByID:
		return nil, &zaloError{-249, "template cannot be sent by user id", false}
	case p == nil:
		return nil, &zaloError{-213, "User has not followed or interacted with the OA", false}
	case p.blocked:
		return nil, &zaloError{-217, "User has blocked invitations from the OA", false}
	}
	return f.deliver(user, reply, "template", ""), nil
}

// serveTemplates is business.openapi.zalo.me: section 9.1, with numbers of its
// own (11.2).
func (f *Zalo) serveTemplates(w http.ResponseWriter, r *http.Request) {
	call := ZaloCall{Host: "template", Path: r.URL.Path}
	if r.URL.Path != "/message/template" {
		f.t.Errorf("zalo: the host of templates has no %s", r.URL.Path)
		http.NotFound(w, r)
		return
	}
	e := f.authorise(r, -124, -124)
	if r.Method != http.MethodPost {
		e = &zaloError{-106, "method is not supported", true}
	}
	if e == nil {
		if call.Body, e = f.body(r); e != nil {
			e.code = -132
		}
	}
	var data any
	if e == nil {
		data, e = f.templateByPhone(call.Body)
	}
	f.answer(w, call, data, e)
}

func (f *Zalo) templateByPhone(body any) (any, *zaloError) {
	c := &zaloForm{}
	o := c.object("body", body, "phone", "template_id", "template_data", "tracking_id", "mode", "sending_mode")
	if phone, _ := o["phone"].(string); !zaloPhone.MatchString(phone) {
		c.refuse(-108, "phone number is not 84 and 9 digits")
	}
	if v, ok := o["tracking_id"]; ok {
		c.text("tracking_id", v, 48)
	}
	if v, ok := o["mode"]; ok && v != "development" {
		c.refuse(-201, "mode is %v", v)
	}
	if v, ok := o["sending_mode"]; ok && v != "1" && v != "3" {
		c.refuse(-201, "sending_mode is %v", v)
	}
	if c.err != nil && c.err.code != -108 { // what is invalid has another number here
		c.err.code = -132
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	reply, _ := f.fill(c, templateCodes{-109, -146, -111, -112, -1121, -1122, -1124}, o["template_id"], o["template_data"])
	if c.err != nil {
		return nil, c.err
	}
	user, known := f.phones[o["phone"].(string)]
	switch {
	case !known:
		return nil, &zaloError{-118, "Zalo account not existed", false}
	case f.people[user] != nil && f.people[user].blocked:
		return nil, &zaloError{-141, "User has blocked the OA", false}
	}
	f.sent[user] = append(f.sent[user], reply)
	return map[string]any{"msg_id": f.messageID(), "sent_time": milliseconds(f.Now()), "sending_mode": "1",
		"quota": map[string]any{"dailyQuota": "500", "remainingQuota": "499"}}, nil
}
