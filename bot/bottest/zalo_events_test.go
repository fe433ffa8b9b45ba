package bottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lensan/bot"
	"lensan/bot/zalo"
)

// TestZaloFails: every way of failing does what it says.
func TestZaloFails(t *testing.T) {
	t.Parallel()
	f := NewZalo(t)
	f.Follow(farmer)
	try := func() error {
		body := `{"recipient":{"user_id":"` + farmer + `"},"message":{"text":"a"}}`
		r, _ := http.NewRequestWithContext(t.Context(), "POST", f.URL+"/v3.0/oa/message/cs", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("access_token", f.Access())
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		answer, _ := io.ReadAll(resp.Body)
		if !strings.Contains(string(answer), `"error":0`) {
			return fmt.Errorf("%d %s", resp.StatusCode, answer)
		}
		return nil
	}
	arrived := func(want int) {
		t.Helper()
		if got := len(f.Sent(farmer)); got != want {
			t.Errorf("%d arrived, want %d", got, want)
		}
	}
	f.Fail(f.TooMany(), Reset, f.Lost, f.Late(50*time.Millisecond))
	if err := try(); err == nil || !strings.Contains(err.Error(), "200") || !strings.Contains(err.Error(), "-32") {
		t.Errorf("too many: %v", err)
	}
	if err := try(); err == nil {
		t.Error("a reset goes unnoticed")
	}
	arrived(0)
	if err := try(); err == nil {
		t.Error("a lost answer arrives")
	}
	arrived(1)
	if started := time.Now(); try() != nil || time.Since(started) < 50*time.Millisecond {
		t.Error("not late")
	}
	arrived(2)

	f.Hold()
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if err := try(); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	arrived(2)
	f.Release()
	all.Wait()
	arrived(5)
}

// TestZaloEvents: every event is signed over its bytes, however they are written.
func TestZaloEvents(t *testing.T) {
	t.Parallel()
	f := NewZalo(t)
	f.AppID, f.OASecret = "appID", "oaSecret"
	vector := `{"oa_id":"oa_id","user_id_by_app":"user_id_by_app","event_name":"remove_user_from_tag","tag":{"user_ids":["user_id"],"name":"Hoàn thành"},"app_id":"app_id","timestamp":"1702095007436"}`
	if got := f.Signature([]byte(vector)); got != "mac=315f0bb0c84fa87c816e302a590f5d26e6112a950c81bf28fb6b795130a19d09" {
		t.Errorf("the published vector: %s", got)
	}
	var mu sync.Mutex
	var posted []*http.Request
	var bodies [][]byte
	webhook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		posted, bodies = append(posted, r), append(bodies, body)
	}))
	t.Cleanup(webhook.Close)

	names := map[string]bool{}
	for _, e := range f.Every(farmer) {
		names[e.Name] = true
		for _, e := range append(e.Odd(), e) {
			var o struct {
				Name      string `json:"event_name"`
				Timestamp any
			}
			if err := json.Unmarshal(e.Body, &o); err != nil || o.Name != e.Name || o.Timestamp == nil {
				t.Errorf("%s: %v", e.Body, err)
			}
		}
	}
	if len(names) < 60 {
		t.Errorf("%d names", len(names))
	}
	e := f.Text(farmer, "Gạo/nếp")
	odd := append(e.Odd(), e)
	for i, o := range odd {
		for _, other := range odd[:i] {
			if bytes.Equal(o.Body, other.Body) || f.Signature(o.Body) == f.Signature(other.Body) {
				t.Errorf("twice the same: %s", o.Body)
			}
		}
	}
	if status := f.Post(webhook.URL, e.Again()); status != 200 || posted[0].Header.Get("X-ZEvent-Signature") != f.Signature(bodies[0]) || !slices.Equal(bodies[0], e.Body) {
		t.Errorf("%d %v", status, posted[0].Header)
	}
	if n := posted[0].Header["Num_retry"]; !slices.Equal(n, []string{"1"}) {
		t.Errorf("retry %q", n)
	}
	if status := f.Probe(webhook.URL); status != 200 || string(bodies[1]) != "{}" || posted[1].Header.Get("X-ZEvent-Signature") != "" {
		t.Errorf("probe %d %s", status, bodies[1])
	}
	f.EchoTo(webhook.URL)
	f.askCS(t, farmer, `{"text":"Chào"}`)
	f.echoes.Wait()
	if len(bodies) != 3 || !bytes.Contains(bodies[2], []byte("oa_send_text")) || len(f.Echoes()) != 0 {
		t.Errorf("%s", bodies)
	}
}

// TestZaloRead: every event the fake makes, however it is written, is read as
// what it stands for, and the most of them as nothing.
func TestZaloRead(t *testing.T) {
	t.Parallel()
	f := NewZalo(t)
	c, err := zalo.New(zalo.Config{AppID: f.AppID, OASecret: f.OASecret, APIURL: f.URL, Tokens: f})
	if err != nil {
		t.Fatal(err)
	}
	photo := []byte("\xff\xd8\xff\xe0 a photo")
	read := func(e ZaloEvent) []bot.Message {
		t.Helper()
		var first []bot.Message
		for i, e := range append([]ZaloEvent{e}, e.Odd()...) {
			got, err := c.Read(f.Request(e.Body))
			if err != nil {
				t.Fatalf("%s: %v", e.Body, err)
			}
			for j, m := range got {
				if m.Chat != (bot.Chat{Channel: "zalo", Account: f.OAID, ID: farmer}) || m.At.IsZero() || m.Delivery == "" {
					t.Errorf("%s: %+v", e.Body, m)
				}
				got[j] = bot.Message{Kind: m.Kind, Text: m.Text, Data: m.Data, Files: m.Files, Phone: m.Phone, Place: m.Place}
			}
			if i == 0 {
				first = got
			} else if !reflect.DeepEqual(got, first) {
				t.Errorf("%s\nis read as %+v, not as %+v", e.Body, got, first)
			}
		}
		return first
	}
	const home = "Thôn Na Nối, Xã Mường Khương, Lào Cai"
	for _, c := range []struct {
		event ZaloEvent
		want  bot.Message
	}{
		{f.Text(farmer, "Gạo Séng Cù 🌾"), bot.Message{Kind: bot.KindText, Text: "Gạo Séng Cù 🌾"}},
		{f.Text(farmer, "#a7.yes"), bot.Message{Kind: bot.KindTap, Data: "a7.yes"}},
		{f.Quote(farmer, "cái này", "m1"), bot.Message{Kind: bot.KindText, Text: "cái này"}},
		{f.Audio(farmer, []byte("#!AMR")), bot.Message{Kind: bot.KindVoice}},
		{f.Video(farmer), bot.Message{Kind: bot.KindOther}},
		{f.Sticker(farmer), bot.Message{Kind: bot.KindOther}},
		{f.File(farmer, "ds.csv", []byte("a")), bot.Message{Kind: bot.KindFile}},
		{f.Location(farmer, 22.5, 104, ""), bot.Message{Kind: bot.KindLocation, Place: &bot.Location{Latitude: 22.5, Longitude: 104}}},
		{f.Card(farmer, "84912345678"), bot.Message{Kind: bot.KindContact}},
		{f.Follow(farmer), bot.Message{Kind: bot.KindStart}},
		{f.ChatNow(farmer), bot.Message{Kind: bot.KindStart}},
		{f.Unfollow(farmer), bot.Message{Kind: bot.KindBlocked}},
		{f.SubmitInfo(farmer, "84912345678"), bot.Message{Kind: bot.KindContact, Phone: "84912345678", Text: home}},
		{f.Withdraw(farmer), bot.Message{Kind: bot.KindWithdrawn}},
		{f.Operator(farmer, "Cán bộ đây ạ"), bot.Message{Kind: bot.KindOperator}},
	} {
		got := read(c.event)
		if len(got) == 1 {
			got[0].Files = nil
		}
		if !reflect.DeepEqual(got, []bot.Message{c.want}) {
			t.Errorf("%s\nis read as %+v, not as %+v", c.event.Body, got, c.want)
		}
	}
	if got := read(f.AlbumAtOnce(farmer, "gạo", photo, photo)); len(got) != 2 || got[0].Kind != bot.KindPhoto || got[0].Text != "gạo" || got[0].Files[0].ID == got[1].Files[0].ID {
		t.Errorf("album: %+v", got)
	}
	kinds := map[bot.Kind]int{}
	for _, e := range f.Every(farmer) {
		for _, m := range read(e) {
			kinds[m.Kind]++
		}
	}
	want := map[bot.Kind]int{bot.KindText: 3, bot.KindPhoto: 6, bot.KindVoice: 1, bot.KindFile: 1, bot.KindOther: 2, bot.KindLocation: 1, bot.KindContact: 3,
		bot.KindStart: 2, bot.KindBlocked: 1, bot.KindWithdrawn: 1, bot.KindOperator: 1, bot.KindEcho: 7}
	if !reflect.DeepEqual(kinds, want) {
		t.Errorf("got %v, want %v", kinds, want)
	}
}
