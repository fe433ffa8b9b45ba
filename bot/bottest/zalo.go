package bottest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"lensan/bot"
)

// Zalo is a fake of the Official Account platform, built from reference
// zalo.md: the OA API, the host for templates by phone, OAuth, and the host
// people's files lie on. It refuses what the platform refuses, with the
// platform's numbers, can fail in every documented way, and posts signed events
// to a webhook.
type Zalo struct {
	URL         string // for ZALO_API_URL
	TemplateURL string // for ZALO_TEMPLATE_URL
	OAuthURL    string // for ZALO_OAUTH_URL
	FilesURL    string // where the links in events point to

	AppID, AppSecret string
	OASecret         string // signs webhooks
	OAID             string
	Redirect         string // the address registered in the console; set it before the consent page is asked for

	// Now is the platform's clock. Set it before the first call.
	Now func() time.Time

	t      testing.TB
	ctx    context.Context // ends with the test
	echoes sync.WaitGroup

	mu          sync.Mutex
	last        int // of all numbers given out
	people      map[string]*zaloPerson
	phones      map[string]string // number -> person
	calls       []ZaloCall
	sent        map[string][]bot.Reply
	authors     map[string]string // message -> person
	uploads     map[string]zaloUpload
	files       map[string][]byte
	templates   map[string]ZaloTemplate
	quota       int
	welcome     int
	verified    bool
	webhook     string
	undelivered []ZaloEvent

	faults, oauthFaults []Fault
	held                chan struct{} // calls wait until it is closed

	tokens zaloTokens
}

// ZaloCall is a call the fake has answered by itself.
type ZaloCall struct {
	Host  string `json:"host"` // "api", "template" or "oauth"
	Path  string `json:"path"`
	Body  any    `json:"body,omitempty"`
	Error int    `json:"error,omitempty"` // what it was refused with
	Data  any    `json:"data,omitempty"`  // of the answer, without times, numbers and ports, which differ every time
}

// zaloPerson is what the platform knows of somebody.
type zaloPerson struct {
	follows  bool
	wrote    time.Time // the last interaction; zero: none
	blocked  bool
	welcomed int // messages before any interaction
	info     map[string]string
}

// zaloError is why a call is refused. What a client that knows the reference
// never provokes fails the test as well.
type zaloError struct {
	code int
	text string
	bug  bool
}

// NewZalo starts a fake that ends with the test. Its app has a consent already:
// see [Zalo.Access] and [Zalo.Refresh].
func NewZalo(t testing.TB) *Zalo {
	t.Helper()
	f := &Zalo{
		AppID: "3611234567890123456", AppSecret: "an-app-secret-for-tests", OASecret: "an-oa-secret-for-tests", OAID: "4318888888888888881",
		Now: time.Now, t: t, ctx: t.Context(),
		people: map[string]*zaloPerson{}, phones: map[string]string{}, sent: map[string][]bot.Reply{}, authors: map[string]string{},
		uploads: map[string]zaloUpload{}, files: map[string][]byte{}, templates: map[string]ZaloTemplate{},
		quota: 500, welcome: 3, verified: true,
	}
	f.tokens.codes = map[string]zaloCode{}
	f.rotate()
	f.URL = f.serve(&f.faults, f.serveAPI)
	f.TemplateURL = f.serve(&f.faults, f.serveTemplates)
	f.FilesURL = f.serve(&f.faults, f.serveFiles)
	f.OAuthURL = f.serve(&f.oauthFaults, f.serveOAuth)
	t.Cleanup(func() { // before the servers close
		f.Release()
		f.echoes.Wait()
	})
	return f
}

// real is the key of the handler that a [Fault] stands before.
type real struct{}

func (f *Zalo) serve(faults *[]Fault, handler http.HandlerFunc) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		var fault Fault
		if len(*faults) > 0 {
			fault, *faults = (*faults)[0], (*faults)[1:]
		}
		held := f.held
		f.mu.Unlock()
		switch {
		case fault != nil:
			fault(w, r.WithContext(context.WithValue(r.Context(), real{}, handler)))
			return
		case held != nil && !holds(r, held):
			return
		}
		handler(w, r)
	}))
	f.t.Cleanup(server.Close)
	return server.URL
}

// holds reads the call and holds it; false: the caller gave up.
func holds(r *http.Request, until <-chan struct{}) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	select {
	case <-until:
		return true
	case <-r.Context().Done():
		return false
	}
}

// Hold makes all calls hang until [Zalo.Release]. Those whose caller gives up
// meanwhile have no effect.
func (f *Zalo) Hold() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held == nil {
		f.held = make(chan struct{})
	}
}

// Release answers the calls that hang, and all later ones.
func (f *Zalo) Release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held != nil {
		close(f.held)
		f.held = nil
	}
}

// Fail makes the next calls fail, each like one of these: calls of the API, of
// templates and for files. For OAuth see [Zalo.FailOAuth].
func (f *Zalo) Fail(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, faults...)
}

// Refusal is an answer other than error 0. It comes with HTTP 200.
func (f *Zalo) Refusal(code int, message string) Fault {
	return Answer(http.StatusOK, "application/json", fmt.Sprintf(`{"error":%d,"message":%q}`, code, message))
}

// TooMany is the answer to too many calls.
func (f *Zalo) TooMany() Fault { return f.Refusal(-32, "Your application reach limit call api") }

// Lost is a [Fault]: the call has its effect, and the answer never arrives.
func (f *Zalo) Lost(w http.ResponseWriter, r *http.Request) {
	r.Context().Value(real{}).(http.HandlerFunc)(httptest.NewRecorder(), r)
	hangUp(w)
}

// Late is a fault of the moment: the call is carried out and answered after a while.
func (f *Zalo) Late(after time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request) {
		over := make(chan struct{})
		time.AfterFunc(after, func() { close(over) })
		if holds(r, over) {
			r.Context().Value(real{}).(http.HandlerFunc)(w, r)
		}
	}
}

// Calls are the calls the fake answered, in order.
func (f *Zalo) Calls() []ZaloCall {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]ZaloCall(nil), f.calls...)
}

// Sent are the messages a person got, in order. An option's Data is the payload
// its button sends.
func (f *Zalo) Sent(user string) []bot.Reply {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]bot.Reply(nil), f.sent[user]...)
}

// Wrote makes somebody known: they last had to do with the account at this time.
func (f *Zalo) Wrote(user string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.person(user).wrote = at
}

// Follows makes somebody a follower who never wrote.
func (f *Zalo) Follows(user string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.person(user).follows = true
}

// Block makes somebody refuse all messages of the account.
func (f *Zalo) Block(user string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.person(user).blocked = true
}

// SetQuota is how many messages beyond 48 hours the account has left.
func (f *Zalo) SetQuota(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.quota = n
}

// SetVerified tells whether the account is verified and has a package: all calls
// are refused if not.
func (f *Zalo) SetVerified(yes bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.verified = yes
}

// person is called with the lock held.
func (f *Zalo) person(user string) *zaloPerson {
	p := f.people[user]
	if p == nil {
		p = &zaloPerson{}
		f.people[user] = p
	}
	return p
}

// number gives out a new number. It is called with the lock held.
func (f *Zalo) number() int {
	f.last++
	return f.last
}

// answer writes the answer to a call and notes the call.
func (f *Zalo) answer(w http.ResponseWriter, call ZaloCall, data any, e *zaloError) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-RateLimit-Limit", "4000")
	answer := map[string]any{"error": 0, "message": "Success"}
	if data != nil {
		answer["data"], call.Data = data, masked(data)
	}
	if e != nil {
		call.Error = e.code
		answer = map[string]any{"error": e.code, "message": e.text}
		if e.bug {
			f.t.Errorf("zalo: %s%s is refused with %d: %s", call.Host, call.Path, e.code, e.text)
		}
	}
	f.mu.Lock()
	f.calls = append(f.calls, call)
	f.mu.Unlock()
	_ = json.NewEncoder(w).Encode(answer)
}

var variable = regexp.MustCompile(`"1\d{12}"|"m[0-9a-f]{8}"|http://127\.0\.0\.1:\d+`)

// masked is the data of an answer without what differs every time.
func masked(data any) any {
	b, err := json.Marshal(data)
	if err != nil {
		return err.Error()
	}
	var m any
	_ = json.Unmarshal(variable.ReplaceAllFunc(b, func(v []byte) []byte {
		switch {
		case v[0] == '"' && v[1] == 'm':
			return []byte(`"(number)"`)
		case v[0] == '"':
			return []byte(`"(milliseconds)"`)
		}
		return []byte("https://example.vn")
	}), &m)
	return m
}

// Keep makes content fetchable and returns its link.
func (f *Zalo) Keep(name string, content []byte) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files["/"+name] = content
	return f.FilesURL + "/" + name
}

func (f *Zalo) serveFiles(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	content, known := f.files[r.URL.Path]
	f.mu.Unlock()
	if r.Header.Get("access_token") != "" {
		f.t.Errorf("zalo: the token is sent to the host of the files")
	}
	if !known || strings.Contains(r.URL.Path, "..") {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(content)
}
