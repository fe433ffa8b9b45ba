package bottest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"lensan/bot"
)

// ZaloEvent is an event as Zalo posts it.
type ZaloEvent struct {
	Name  string
	Body  []byte
	Retry int // which repetition of the delivery it is

	fields fields
}

// fields is a JSON object whose order is kept: the platform's varies, and the
// signature is over the bytes.
type fields []field

type field struct {
	name  string
	value any // a string, a number, fields or []any
}

// MarshalJSON writes the fields in their order.
func (o fields) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, f := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, f.name)
		b = append(b, ':')
		v, err := plain(f.value)
		if err != nil {
			return nil, err
		}
		b = append(b, v...)
	}
	return append(b, '}'), nil
}

// plain writes JSON that spares no character the format does not force it to.
func plain(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// reversed turns the order round, all the way down.
func (o fields) reversed() fields {
	var r fields
	for _, f := range slices.Backward(o) {
		if inner, ok := f.value.(fields); ok {
			f.value = inner.reversed()
		}
		r = append(r, f)
	}
	return r
}

// Event is any event, with the app's id and the time.
func (f *Zalo) Event(name string, own ...field) ZaloEvent {
	o := append(fields{{"app_id", f.AppID}}, own...)
	o = append(o, field{"event_name", name}, field{"timestamp", milliseconds(f.Now())})
	return event(name, o)
}

func event(name string, o fields) ZaloEvent {
	body, err := plain(o)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return ZaloEvent{Name: name, Body: body, fields: o}
}

// Again is the same delivery repeated.
func (e ZaloEvent) Again() ZaloEvent {
	e.Retry++
	return e
}

// Odd is the same event as another server of the platform might write it: keys
// in another order, indented, escaped, with decomposed letters, its time a number.
func (e ZaloEvent) Odd() []ZaloEvent {
	var odd []ZaloEvent
	for _, body := range [][]byte{
		event(e.Name, e.fields.reversed()).Body,
		indented(e.Body),
		bytes.ReplaceAll(escapeJSON(e.Body), []byte("/"), []byte(`\/`)),
		norm.NFD.Bytes(e.Body),
		numericTime(e.Body),
	} {
		odd = append(odd, ZaloEvent{Name: e.Name, Body: body, fields: e.fields})
	}
	return odd
}

func indented(body []byte) []byte {
	var b bytes.Buffer
	_ = json.Indent(&b, body, "", "  ")
	return b.Bytes()
}

func numericTime(body []byte) []byte {
	head, tail, _ := bytes.Cut(body, []byte(`"timestamp":"`))
	number, rest, _ := bytes.Cut(tail, []byte(`"`))
	return slices.Concat(head, []byte(`"timestamp":`), number, rest)
}

// Signature is the header X-ZEvent-Signature of a body (section 13.2): over the
// bytes, and the time as the body writes it.
func (f *Zalo) Signature(body []byte) string {
	var timed struct {
		Timestamp json.RawMessage `json:"timestamp"`
	}
	_ = json.Unmarshal(body, &timed) // a body that is no object has no time
	timestamp := strings.Trim(string(timed.Timestamp), `"`)
	sum := sha256.Sum256(slices.Concat([]byte(f.AppID), body, []byte(timestamp), []byte(f.OASecret)))
	return "mac=" + hex.EncodeToString(sum[:])
}

// Request is a signed webhook request.
func (f *Zalo) Request(body []byte) *http.Request {
	r := httptest.NewRequestWithContext(f.t.Context(), http.MethodPost, "/zalo", bytes.NewReader(body))
	f.sign(r, body)
	return r
}

func (f *Zalo) sign(r *http.Request, body []byte) {
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-ZEvent-Signature", f.Signature(body))
}

// zaloPatience is how long a delivery waits for its answer. The platform waits
// 2 s; a loaded machine that runs tests gets more.
const zaloPatience = 10 * time.Second

// Post delivers an event to a webhook as Zalo does and returns the status; 0: no
// answer.
func (f *Zalo) Post(webhook string, e ZaloEvent) int {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(f.ctx), zaloPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, webhook, bytes.NewReader(e.Body))
	if err != nil {
		return 0
	}
	f.sign(r, e.Body)
	if e.Retry > 0 {
		r.Header["num_retry"] = []string{strconv.Itoa(e.Retry)}
	}
	return post(r)
}

// Probe is the console trying a webhook's address: an empty object, not signed.
func (f *Zalo) Probe(webhook string) int {
	r, err := http.NewRequestWithContext(f.ctx, http.MethodPost, webhook, strings.NewReader("{}"))
	if err != nil {
		return 0
	}
	r.Header.Set("Content-Type", "application/json")
	return post(r)
}

func post(r *http.Request) int {
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// EchoTo makes the fake post the echo of every message it accepts to a webhook,
// at once and beside everything else. Without it see [Zalo.Echoes].
func (f *Zalo) EchoTo(webhook string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.webhook = webhook
}

// Echoes hands out the echoes that were not delivered.
func (f *Zalo) Echoes() []ZaloEvent {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.undelivered
	f.undelivered = nil
	return all
}

// echo makes the event of a message of ours (section 13.5). It is called with
// the lock held.
func (f *Zalo) echo(kind, user, id string, reply bot.Reply) {
	m := fields{{"msg_id", id}}
	if reply.Text != "" && kind != "template" {
		m = append(m, field{"text", reply.Text})
	}
	switch kind {
	case "template":
		m = append(m, attachments(fields{{"type", "template"}, {"payload", fields{{"zinstant_id", "z" + id}, {"text", reply.Text}}}}))
	case "file":
		m = append(m, attachments(fields{{"type", "file"}, {"payload", fields{{"url", f.FilesURL + "/sent/" + id},
			{"size", fmt.Sprint(reply.File.Size)}, {"name", reply.File.Name}}}}))
	case "image", "gif", "sticker":
		m = append(m, attachments(fields{{"type", kind}, {"payload", fields{{"url", f.FilesURL + "/sent/" + id}}}}))
	}
	e := f.Event("oa_send_"+kind, field{"user_id_by_app", "9" + user}, field{"sender", fields{{"id", f.OAID}}},
		field{"recipient", fields{{"id", user}}}, field{"message", m})
	if f.webhook == "" {
		f.undelivered = append(f.undelivered, e)
		return
	}
	webhook := f.webhook
	f.echoes.Go(func() { f.Post(webhook, e) })
}

func attachments(all ...any) field { return field{"attachments", all} }

// messageID is called with the lock held.
func (f *Zalo) messageID() string { return fmt.Sprintf("m%08x", f.number()) }
