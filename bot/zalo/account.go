package zalo

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"lensan/bot"
)

const (
	pathOA    = "/v2.0/oa/getoa"
	pathQuota = "/v3.0/oa/quota/message"
)

// OA is what the platform tells of the Official Account whose token we have.
type OA struct {
	ID       string
	Name     string
	Verified bool   // only a verified account may use the API
	Package  string // what the office pays for
	Linked   bool   // to a Zalo Cloud Account, which pays for templates
}

// OA asks who we are: GET /v2.0/oa/getoa (reference zalo.md section 6).
func (c *Channel) OA(ctx context.Context) (OA, error) {
	var d struct {
		ID       text `json:"oaid"`
		OldID    text `json:"oa_id"`
		Name     text `json:"name"`
		Verified text `json:"is_verified"`
		Package  text `json:"package_name"`
		Cloud    text `json:"linked_ZCA"`
	}
	if err := c.call(ctx, request{host: openAPI, method: http.MethodGet, path: pathOA}, &d); err != nil {
		return OA{}, err
	}
	if d.ID == "" {
		d.ID = d.OldID
	}
	return OA{
		ID: string(d.ID), Name: bot.Clean(string(d.Name)), Package: bot.Clean(string(d.Package)),
		Verified: d.Verified == "true" || d.Verified == "1",
		Linked:   d.Cloud != "" && d.Cloud != "false" && d.Cloud != "0" && d.Cloud != "{}",
	}, nil
}

// account is the Official Account whose token we have, once it is known.
type account struct {
	sync.Mutex
	id   string
	next time.Time // when it is asked for again
}

// accountPause is how long we wait before asking again who we are.
const accountPause = time.Minute

// ours returns nil for chats of the Official Account whose token we have: ids of
// people mean others elsewhere (section 1). When the platform does not say which
// one that is, it is believed to be the one that people wrote to. Nothing has
// gone out when it fails.
func (c *Channel) ours(ctx context.Context, chat bot.Chat) error {
	foreign := errors.New("zalo: this chat is not one of this Official Account")
	if chat.Channel != Name || !id.MatchString(chat.Account) || !id.MatchString(chat.ID) {
		return foreign
	}
	c.account.Lock()
	known, ask := c.account.id, time.Now().After(c.account.next)
	if ask {
		c.account.next = time.Now().Add(accountPause)
	}
	c.account.Unlock()
	if known == "" && ask {
		oa, err := c.OA(ctx)
		wait := (*bot.Wait)(nil)
		c.account.Lock()
		c.account.id = oa.ID
		if errors.As(err, &wait) {
			c.account.next = time.Time{}
		}
		c.account.Unlock()
		if err = before(err); errors.As(err, &wait) {
			return err
		}
		known = oa.ID
	}
	if known != "" && known != chat.Account {
		return foreign
	}
	return nil
}

// Quota is one of the account's quotas of messages after 48 hours.
type Quota struct {
	Type   string // sub_quota of the package, purchase_quota bought, reward_quota given
	Total  int64
	Remain int64
	Until  string // as the platform writes it
}

// quotaTypes are the quotas messages are taken from before each is paid
// (sections 3.3 and 8).
var quotaTypes = []string{"sub_quota", "purchase_quota", "reward_quota"}

// Quotas asks for the account's quotas: POST /v3.0/oa/quota/message, once for
// each type (section 7). Those the account does not have are left out.
func (c *Channel) Quotas(ctx context.Context) ([]Quota, error) {
	var all []Quota
	for _, kind := range quotaTypes {
		r, err := post(openAPI, pathQuota, map[string]string{"quota_owner": "OA", "product_type": "cs", "quota_type": kind})
		if err != nil {
			return nil, err
		}
		var list []struct {
			Type   text   `json:"quota_type"`
			Until  text   `json:"valid_through"`
			Total  number `json:"total"`
			Remain number `json:"remain"`
		}
		err = c.call(ctx, r, &list)
		if known := (*refusal)(nil); errors.As(err, &known) && kind != quotaTypes[0] {
			continue // an account without bundles
		}
		if err != nil {
			return nil, err
		}
		for _, q := range list {
			if q.Remain.told && (q.Type == "" || string(q.Type) == kind) {
				all = append(all, Quota{Type: kind, Total: q.Total.n, Remain: q.Remain.n, Until: bot.Clean(string(q.Until))})
			}
		}
	}
	return all, nil
}

// quotaAge is how long what we read of the account's quota is believed.
const quotaAge = 5 * time.Minute

// left is the account's quota as last read.
type left struct {
	sync.Mutex
	used bool // up
	at   time.Time
}

// quotaLeft tells whether a message after 48 hours can still be sent. What is
// not known counts as left: the platform refuses when it is not.
func (c *Channel) quotaLeft(ctx context.Context) bool {
	c.left.Lock()
	used, fresh := c.left.used, c.cfg.Now().Sub(c.left.at) < quotaAge
	c.left.Unlock()
	if fresh {
		return !used
	}
	all, err := c.Quotas(ctx)
	sum := int64(0)
	for _, q := range all {
		sum += q.Remain
	}
	used = err == nil && len(all) > 0 && sum <= 0
	if err == nil && len(all) > 0 {
		c.cfg.Metrics.remaining(sum)
	}
	c.quotaUsed(used)
	return !used
}

// quotaUsed notes whether the quota is used up.
func (c *Channel) quotaUsed(used bool) {
	c.left.Lock()
	defer c.left.Unlock()
	c.left.used, c.left.at = used, c.cfg.Now()
}

// wrote asks when a person last did something with the account, by the
// platform's own clock: POST /v3.0/oa/quota/message (section 7). Zero: not told.
func (c *Channel) wrote(ctx context.Context, person string) (time.Time, error) {
	r, err := post(openAPI, pathQuota, map[string]string{"user_id": person})
	if err != nil {
		return time.Time{}, err
	}
	var d struct {
		Last number `json:"last_interaction"`
	}
	if err := c.call(ctx, r, &d); err != nil || d.Last.n <= 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(d.Last.n), nil
}
