package bottest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// The windows of reference zalo.md section 8.
const (
	zaloFree = 48 * time.Hour
	zaloWall = 7 * 24 * time.Hour
)

// serveAPI is openapi.zalo.me: the calls of sections 3 to 7 and 9.2.
func (f *Zalo) serveAPI(w http.ResponseWriter, r *http.Request) {
	call := ZaloCall{Host: "api", Path: r.URL.Path}
	var handle func(any) (any, *zaloError)
	switch r.Method + " " + r.URL.Path {
	case "POST /v3.0/oa/message/cs":
		handle = f.cs
	case "POST /v3.0/oa/message/template":
		handle = f.templateByID
	case "POST /v3.0/oa/quota/message":
		handle = f.quotas
	case "POST /v2.0/oa/upload/image", "POST /v2.0/oa/upload/gif", "POST /v2.0/oa/upload/file":
		handle = f.upload(r)
	case "GET /v3.0/oa/user/detail":
		handle = f.userDetail
	case "GET /v2.0/oa/getoa":
		handle = f.getOA
	case "POST /v2.0/oa/message":
		handle = func(any) (any, *zaloError) { return nil, &zaloError{-240, "API has been shut down", true} }
	default:
		f.t.Errorf("zalo: the API has no %s %s", r.Method, r.URL.Path)
		http.NotFound(w, r)
		return
	}
	e := f.authorise(r, -216, -220)
	if e == nil && !f.isVerified() {
		e = &zaloError{-221, "OA has not been verified", false}
	}
	if e == nil && call.Body == nil {
		call.Body, e = f.body(r)
	}
	var data any
	if e == nil {
		data, e = handle(call.Body)
	}
	f.answer(w, call, data, e)
}

func (f *Zalo) isVerified() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.verified
}

// authorise checks the token, which goes in a header of its own and nowhere
// else (section 2).
func (f *Zalo) authorise(r *http.Request, invalid, expired int) *zaloError {
	token := r.Header.Get("access_token")
	if r.URL.Query().Has("access_token") || r.Header.Get("Authorization") != "" || token == "" {
		return &zaloError{invalid, "Access token is missing: it goes in the header access_token", true}
	}
	if proof := r.Header.Get("appsecret_proof"); proof != "" {
		mac := hmac.New(sha256.New, []byte(f.AppSecret))
		mac.Write([]byte(token))
		if proof != hex.EncodeToString(mac.Sum(nil)) {
			return &zaloError{-242, "appsecret_proof is wrong", true}
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case token != f.tokens.access:
		return &zaloError{invalid, "Access token is invalid", false}
	case !f.Now().Before(f.tokens.accessUntil):
		return &zaloError{expired, "Access token has expired", false}
	}
	return nil
}

// body reads what a call carries: JSON in a POST, JSON in the parameter data of
// a GET; an upload's is read where it is checked.
func (f *Zalo) body(r *http.Request) (any, *zaloError) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	d := json.NewDecoder(r.Body)
	switch {
	case kind == "multipart/form-data":
		return nil, nil
	case r.Method == http.MethodGet && r.URL.Query().Get("data") == "":
		return nil, nil
	case r.Method == http.MethodGet:
		d = json.NewDecoder(bytes.NewReader([]byte(r.URL.Query().Get("data"))))
	case kind != "application/json":
		return nil, &zaloError{-201, "Content-Type is not application/json", true}
	}
	d.UseNumber()
	var body any
	if err := d.Decode(&body); err != nil || d.More() {
		return nil, &zaloError{-201, "body is not JSON", true}
	}
	return body, nil
}

// zaloForm checks an object of a call and keeps the first thing wrong with it.
type zaloForm struct{ err *zaloError }

func (c *zaloForm) refuse(code int, format string, args ...any) {
	if c.err == nil {
		c.err = &zaloError{code, fmt.Sprintf(format, args...), true}
	}
}

// object is an object with no other fields than these.
func (c *zaloForm) object(where string, v any, fields ...string) map[string]any {
	o, ok := v.(map[string]any)
	if !ok {
		c.refuse(-201, "%s is not an object", where)
	}
	for name := range o {
		if !slices.Contains(fields, name) {
			c.refuse(-201, "%s has no field %q", where, name)
		}
	}
	return o
}

// text is a string of 1 to most characters. Nothing public says how they are
// counted: here in the cautious way, as UTF-16 units of the NFC form.
func (c *zaloForm) text(where string, v any, most int) string {
	s, ok := v.(string)
	switch {
	case !ok || s == "":
		c.refuse(-201, "%s is not a string, or empty", where)
	case zaloLength(s) > most:
		c.refuse(-210, "%s is longer than %d characters", where, most)
	}
	return s
}

// id is a number of a person or account: a string, as it has more digits than a
// JSON number keeps.
func (c *zaloForm) id(where string, v any) string {
	s := c.text(where, v, 40)
	if c.err == nil && !zaloID.MatchString(s) {
		c.refuse(-201, "%s is no id", where)
	}
	return s
}

func (c *zaloForm) one(where string, v any) any {
	list, _ := v.([]any)
	if len(list) != 1 {
		c.refuse(-201, "%s are %d, not exactly one", where, len(list))
		return nil
	}
	return list[0]
}

var zaloID = regexp.MustCompile(`^[0-9]{1,20}$`)

func zaloLength(s string) int { return len(utf16.Encode([]rune(norm.NFC.String(s)))) }

// quotas answers both requests of section 7.
func (f *Zalo) quotas(body any) (any, *zaloError) {
	c := &zaloForm{}
	o := c.object("body", body, "user_id", "quota_owner", "product_type", "quota_type")
	f.mu.Lock()
	defer f.mu.Unlock()
	if o["user_id"] != nil {
		user := c.id("user_id", o["user_id"])
		if c.err != nil {
			return nil, c.err
		}
		p := f.people[user]
		if p == nil {
			return nil, &zaloError{-213, "User has not followed the OA", false}
		}
		data := map[string]any{"cs_reply": map[string]any{"remain": 8, "total": 8}}
		if !p.wrote.IsZero() {
			data["last_interaction"] = milliseconds(p.wrote)
		}
		return data, nil
	}
	owner, product := c.text("quota_owner", o["quota_owner"], 10), c.text("product_type", o["product_type"], 20)
	kind := c.text("quota_type", o["quota_type"], 20)
	if !slices.Contains([]string{"OA", "APP"}, owner) {
		c.refuse(-201, "quota_owner is OA or APP")
	}
	if c.err != nil {
		return nil, c.err
	}
	if product != "cs" || kind != "sub_quota" {
		return []any{}, nil
	}
	return []any{map[string]any{"asset_id": "asset-1", "product_type": product, "quota_type": kind,
		"valid_through": "30/11/2026", "total": 500, "remain": f.quota}}, nil
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// userDetail is section 6.
func (f *Zalo) userDetail(body any) (any, *zaloError) {
	c := &zaloForm{}
	user := c.id("user_id", c.object("data", body, "user_id")["user_id"])
	if c.err != nil {
		return nil, c.err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.people[user]
	if p == nil {
		return nil, &zaloError{-213, "User has not followed the OA", false}
	}
	data := map[string]any{"user_id": user, "user_id_by_app": "9" + user, "user_external_id": "", "display_name": "Lan",
		"user_alias": "Lan", "is_sensitive": false, "user_is_follower": p.follows, "avatar": f.FilesURL + "/avatar.jpg",
		"tags_and_notes_info": map[string]any{"notes": []any{}, "tag_names": []any{}}}
	if !p.wrote.IsZero() {
		data["user_last_interaction_date"] = p.wrote.In(time.FixedZone("", 7*3600)).Format("02/01/2006")
	}
	if p.info != nil {
		data["shared_info"] = p.info
	}
	return data, nil
}

// getOA is section 6.
func (f *Zalo) getOA(any) (any, *zaloError) {
	return map[string]any{"oaid": f.OAID, "name": "Văn phòng OCOP (dữ liệu mẫu)", "description": "", "oa_type": 2, "is_verified": true,
		"num_follower": 12, "avatar": f.FilesURL + "/oa.jpg", "cover": f.FilesURL + "/cover.jpg", "package_name": "Nâng cao",
		"package_valid_through_date": "31/12/2026", "linked_ZCA": ""}, nil
}
