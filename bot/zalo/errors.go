package zalo

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"lensan/bot"
)

// action is what to do about a refusal (section 11).
type action int

const (
	fix     action = iota // our fault or bad data: never again
	refresh               // a new access token, once
	slow                  // pause, the whole account
	again                 // failed without a reason: the bot repeats it once, if no echo came
	reload                // upload the attachment again, once
	gone                  // the person cannot be reached
	window                // out of the window: a template, or wait until they write
	quota                 // used up
	human                 // somebody must change something at Zalo or in our configuration
	halt                  // the same, and nothing at all can be sent before: messages wait
)

// host is one of the platform's hosts that have codes: their spaces overlap.
type host int

const (
	openAPI  host = iota // section 11.1
	template             // section 11.2
)

type code struct {
	host   host
	number int64
}

type rule struct {
	do   action
	what string // for people who run the service: what it means and what to do
}

// rules says what each code means and what is done. A code that does not stand
// here is refused for good.
var rules = map[code]rule{
	{openAPI, -32}:   {slow, "too many requests"},
	{openAPI, -100}:  {reload, "the uploaded file has expired"},
	{openAPI, -200}:  {again, "sending failed, no reason told"},
	{openAPI, -201}:  {fix, "a parameter is invalid"},
	{openAPI, -204}:  {halt, "the Official Account is disabled or deleted: look at oa.zalo.me"},
	{openAPI, -205}:  {halt, "the Official Account does not exist: run lensan zalo login with the right one"},
	{openAPI, -209}:  {halt, "the app is not activated: activate it at developers.zalo.me"},
	{openAPI, -210}:  {fix, "a parameter is over its limit"},
	{openAPI, -211}:  {quota, "the account's quota is used up"},
	{openAPI, -212}:  {halt, "the Official Account has not registered this API: register it at developers.zalo.me"},
	{openAPI, -213}:  {gone, "the person does not follow and never wrote"},
	{openAPI, -214}:  {slow, "still being processed"},
	{openAPI, -216}:  {refresh, "the access token is invalid"},
	{openAPI, -217}:  {gone, "the person blocked invitations"},
	{openAPI, -218}:  {quota, "the quota for this person is used up"},
	{openAPI, -219}:  {halt, "the app was removed or disabled: look at developers.zalo.me"},
	{openAPI, -220}:  {refresh, "the access token has expired or was revoked"},
	{openAPI, -221}:  {halt, "the Official Account is not verified: verify it at oa.zalo.me"},
	{openAPI, -223}:  {human, "the Official Account did not grant this to the app: run lensan zalo login and grant it"},
	{openAPI, -224}:  {halt, "the Official Account's package is too low: buy another at oa.zalo.me"},
	{openAPI, -227}:  {gone, "the person's account is banned, or silent for more than 45 days"},
	{openAPI, -230}:  {window, "the person has not written for 7 days"},
	{openAPI, -232}:  {window, "the person never wrote, or too long ago"},
	{openAPI, -233}:  {fix, "this type of message is not allowed"},
	{openAPI, -234}:  {window, "not allowed at night"},
	{openAPI, -235}:  {human, "this type of Official Account cannot do this"},
	{openAPI, -237}:  {fix, "the group has expired or is disabled"},
	{openAPI, -238}:  {human, "the asset is invalid or used up: look at the packages of the Official Account"},
	{openAPI, -240}:  {fix, "this endpoint is closed"},
	{openAPI, -241}:  {human, "the asset is invalid or used up: look at the packages of the Official Account"},
	{openAPI, -242}:  {halt, "the proof of the app secret is wrong: check ZALO_APP_SECRET"},
	{openAPI, -244}:  {gone, "the person does not want this kind of message"},
	{openAPI, -248}:  {human, "it breaks Zalo's policy: read the message and look for a notice at oa.zalo.me"},
	{openAPI, -249}:  {fix, "this template cannot be sent by user id"},
	{openAPI, -320}:  {human, "the app needs a Zalo Cloud Account: link one at developers.zalo.me"},
	{openAPI, -321}:  {human, "the Zalo Cloud Account has no money: top it up at zalo.cloud"},
	{openAPI, -403}:  {human, "not permitted: look at the app's and the account's permissions"},
	{openAPI, -1340}: {human, "refused for a reason Zalo does not publish: ask Zalo"},
	{openAPI, -1341}: {human, "refused for a reason Zalo does not publish: ask Zalo"},

	{template, -100}: {again, "an unknown error"},
	{template, -101}: {human, "the app is invalid: check ZALO_APP_ID"},
	{template, -102}: {human, "the app does not exist: check ZALO_APP_ID"},
	{template, -103}: {human, "the app is not activated: activate it at developers.zalo.me"},
	{template, -104}: {human, "the app secret is wrong: check ZALO_APP_SECRET"},
	{template, -105}: {human, "the app is not linked to an Official Account: link it at developers.zalo.me"},
	{template, -106}: {fix, "the HTTP method is wrong"},
	{template, -107}: {fix, "the message id is invalid"},
	{template, -108}: {fix, "the phone number is invalid"},
	{template, -109}: {human, "the template does not exist: check its id in the content folder"},
	{template, -110}: {gone, "the person's Zalo is too old for templates"},
	{template, -111}: {fix, "the template's values are missing"},
	{template, -112}: {fix, "the template's values are wrong"},
	{template, -113}: {fix, "a button is invalid"},
	{template, -114}: {gone, "the person cannot receive templates"},
	{template, -115}: {human, "quota or money is used up: top up the Zalo Cloud Account"},
	{template, -116}: {fix, "the text is invalid"},
	{template, -117}: {human, "the account may not use this template: look at zalo.cloud"},
	{template, -118}: {gone, "the number has no Zalo account"},
	{template, -119}: {gone, "the account cannot receive"},
	{template, -124}: {refresh, "the access token is invalid"},
	{template, -126}: {fix, "the wallet does not allow development mode"},
	{template, -127}: {fix, "in development mode only administrators receive"},
	{template, -131}: {human, "the template is not approved: look at zalo.cloud"},
	{template, -132}: {fix, "a parameter is invalid"},
	{template, -133}: {window, "this template is not allowed at night"},
	{template, -135}: {human, "the account may not send templates: look at zalo.cloud"},
	{template, -136}: {human, "the Zalo Cloud Account is not linked: link it at zalo.cloud"},
	{template, -137}: {human, "the Zalo Cloud Account could not pay: top it up"},
	{template, -138}: {human, "the app may not do this: look at developers.zalo.me"},
	{template, -139}: {gone, "the person refused this kind of template"},
	{template, -140}: {gone, "the person is not eligible for this template"},
	{template, -141}: {gone, "the person refuses templates of the account"},
	{template, -144}: {quota, "the account's limit of the day is reached"},
	{template, -146}: {human, "the template is disabled for its quality: look at zalo.cloud"},
	{template, -147}: {quota, "the template's limit of the day is reached"},
	{template, -161}: {human, "a limit of templates or policy: look at zalo.cloud"},
	{template, -162}: {human, "a limit of templates or policy: look at zalo.cloud"},

	{template, -1121}: {fix, "a value is missing"},
	{template, -1122}: {fix, "a value is too long"},
	{template, -1123}: {fix, "the QR code could not be made"},
	{template, -1124}: {fix, "a value has a wrong form"},
	{template, -1441}: {quota, "a limit of the day is reached"},
	{template, -1471}: {quota, "the limit for this person is reached"},
	{template, -1472}: {quota, "the limit for this tag is reached"},
}

// haltPause is how long messages wait before it is looked whether somebody has
// mended what holds up the whole account.
const haltPause = time.Minute

// refusal is an answer with a code other than 0.
type refusal struct {
	code code
	rule
	said string // the platform's own words, without our secrets
}

func (r *refusal) Error() string {
	what := r.what
	if what == "" {
		what = "refused"
	}
	if r.said != "" {
		what += " (" + r.said + ")"
	}
	return fmt.Sprintf("zalo: %d: %s", r.code.number, what)
}

// Unwrap is what the bot does about it: one of the errors of [bot.Channel]; nil
// for what is refused for good.
func (r *refusal) Unwrap() error {
	switch r.do {
	case gone:
		return bot.ErrGone
	case window:
		return bot.ErrWindow
	case quota:
		return bot.ErrQuota
	case again:
		return bot.ErrUnknown
	case halt:
		return &bot.Wait{After: haltPause}
	}
	return nil
}

// refused tells whether an error is a refusal with this action.
func refused(err error, do action) bool {
	r := (*refusal)(nil)
	return errors.As(err, &r) && r.do == do
}

// refusedWith tells whether an error is the API's refusal with this number.
func refusedWith(err error, number int64) bool {
	r := (*refusal)(nil)
	return errors.As(err, &r) && r.code == code{openAPI, number}
}

// alert is the last refusal that only a person can do something about.
type alert struct {
	sync.Mutex
	what string
	at   time.Time
	path string // of the call that was refused
}

// Alert tells what a person must do before everything goes again, and since when
// we know; empty: nothing. It ends when such a call succeeds.
func (c *Channel) Alert() (what string, since time.Time) {
	c.alert.Lock()
	defer c.alert.Unlock()
	return c.alert.what, c.alert.at
}

func (c *Channel) raise(path string, err error) {
	c.alert.Lock()
	defer c.alert.Unlock()
	if c.alert.what != err.Error() {
		c.alert.what, c.alert.at = err.Error(), c.cfg.Now()
	}
	c.alert.path = path
	c.cfg.Metrics.alerted(true)
}

// calm is a call that succeeded.
func (c *Channel) calm(path string) {
	c.alert.Lock()
	defer c.alert.Unlock()
	if c.alert.what != "" && c.alert.path == path {
		c.alert.what = ""
		c.cfg.Metrics.alerted(false)
	}
}
