package zalo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"lensan/bot"
)

// The window since the person last wrote (section 8): within the first messages
// are free, within the second they are taken from the account's quota, and after
// it the platform refuses all but templates.
const (
	freeWindow = 48 * time.Hour
	openWindow = 7 * 24 * time.Hour
)

// unasked sends what answers nobody, on the first way that is open: free, by the
// account's quota, by a template. bot.ErrQuota, bot.ErrWindow: by none.
func (c *Channel) unasked(ctx context.Context, chat bot.Chat, part bot.Reply) error {
	u := part.Unasked
	now := c.cfg.Now()
	wrote := u.Wrote
	if wrote.IsZero() || now.Sub(wrote) >= freeWindow { // section 7: then the platform is asked
		asked, err := c.wrote(ctx, chat.ID)
		if known := (*refusal)(nil); err != nil && !errors.As(err, &known) {
			return before(err)
		}
		if asked.After(wrote) && !asked.After(now) {
			wrote = asked
		}
	}
	route := routeFree
	switch since := now.Sub(wrote); {
	case wrote.IsZero() || since >= openWindow:
		return c.template(ctx, chat, u)
	case since >= freeWindow:
		if route = routeQuota; !c.quotaLeft(ctx) {
			return fmt.Errorf("%w: zalo: of the account", bot.ErrQuota)
		}
	}
	err := c.cs(ctx, chat.ID, part, route)
	switch {
	case refusedWith(err, -211):
		c.quotaUsed(true)
	case refused(err, window): // section 8: the platform is believed
		return c.template(ctx, chat, u)
	}
	return err
}

// before turns an unknown outcome of something that shows the person nothing
// into a pause.
func before(err error) error {
	if errors.Is(err, bot.ErrUnknown) {
		return &bot.Wait{After: probePause}
	}
	return err
}

const pathTemplate = "/message/template"

// template sends the configured template that says the same: by the person's id,
// POST /v3.0/oa/message/template, or else by their phone number, POST
// /message/template of the template host (section 9). One template stands for
// all parts of a reply.
func (c *Channel) template(ctx context.Context, chat bot.Chat, u *bot.Unasked) error {
	t, ok := c.cfg.Template(u.Template)
	if u.Template == "" || !ok {
		return bot.ErrWindow
	}
	values, err := filled(t, u.Values)
	if err != nil {
		return err
	}
	key := tracking(chat, t.ID, values)
	if c.said.before(key, c.cfg.Now()) {
		return nil
	}
	err = c.byID(ctx, chat.ID, t.ID, values)
	route := routeTemplateUID
	if phone, ok := international(u.Phone); ok && unreachable(err) {
		route, err = routeTemplatePhone, c.byPhone(ctx, phone, t.ID, key, values)
	}
	if err != nil {
		return err
	}
	c.said.add(key, c.cfg.Now())
	c.cfg.Metrics.sent(route)
	return nil
}

// unreachable tells whether the platform cannot send a template by the person's
// id: it does not know them, or the template is not for that (-249).
func unreachable(err error) bool {
	return refused(err, gone) || refused(err, window) || refusedWith(err, -249)
}

func (c *Channel) byID(ctx context.Context, person, id string, values map[string]string) error {
	r, err := post(openAPI, c.cfg.TemplatePath, struct {
		UserID string            `json:"user_id"`
		ID     string            `json:"template_id"`
		Data   map[string]string `json:"template_data"`
	}{person, id, values})
	if err != nil {
		return err
	}
	return c.call(ctx, r, nil)
}

func (c *Channel) byPhone(ctx context.Context, phone, id, key string, values map[string]string) error {
	r, err := post(template, pathTemplate, struct {
		Phone    string            `json:"phone"`
		ID       string            `json:"template_id"`
		Data     map[string]string `json:"template_data"`
		Tracking string            `json:"tracking_id"`
	}{phone, id, values, key})
	if err != nil {
		return err
	}
	return c.call(ctx, r, nil)
}

// ParamTypes are the types of a template's parameters with the greatest length of
// their values (reference zalo.md section 9.1).
var ParamTypes = map[string]int{
	"name": 30, "phone": 15, "address": 200,
	"code": 30, "label": 30, "status": 30,
	"contact": 50, "title": 5, "product": 200,
	"amount": 20, "date": 20, "otp": 10,
	"url": 200, "currency": 12, "bank note": 90,
}

// filled are the values of all parameters of a template. One that is missing or
// too long is refused here, by name: the platform would refuse it unnamed, and
// half a name is somebody else's.
func filled(t Template, values map[string]string) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(t.Params)) {
		value := values[name]
		most, known := ParamTypes[strings.ToLower(t.Params[name])]
		switch n := count(value); {
		case !known:
			return nil, fmt.Errorf("zalo: template %s: parameter %s has the type %q, which there is not", t.ID, name, t.Params[name])
		case n == 0:
			return nil, fmt.Errorf("zalo: template %s: parameter %s has no value", t.ID, name)
		case n > most:
			return nil, fmt.Errorf("zalo: template %s: parameter %s is longer than the %d characters of a %s", t.ID, name, most, t.Params[name])
		}
		out[name] = value
	}
	return out, nil
}

// international makes of a Vietnamese number what the platform takes: 84 and
// nine digits (section 9.1).
func international(phone string) (string, bool) {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if rest, ok := strings.CutPrefix(digits, "0"); ok {
		digits = "84" + rest
	}
	return digits, len(digits) == 11 && strings.HasPrefix(digits, "84")
}

// tracking names a template message: it comes back in receipts, and tells the
// parts of one reply from another reply.
func tracking(chat bot.Chat, id string, values map[string]string) string {
	b, _ := json.Marshal([]any{chat, id, values}) // maps are written in order
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// said are the template messages of the last minute.
type said struct {
	sync.Mutex
	at map[string]time.Time
}

const saidAge = time.Minute

func (s *said) before(key string, now time.Time) bool {
	s.Lock()
	defer s.Unlock()
	at, ok := s.at[key]
	return ok && now.Sub(at) < saidAge
}

func (s *said) add(key string, now time.Time) {
	s.Lock()
	defer s.Unlock()
	if s.at == nil {
		s.at = map[string]time.Time{}
	}
	maps.DeleteFunc(s.at, func(_ string, at time.Time) bool { return now.Sub(at) >= saidAge })
	s.at[key] = now
}
