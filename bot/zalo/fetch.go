package zalo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"lensan/bot"
)

// MaxFile is the largest file that is fetched, in bytes.
const MaxFile = 20 << 20

// fetchTimeout bounds a whole download.
const fetchTimeout = time.Minute

// fileHosts are where people's files lie (reference zalo.md section 13.7).
var fileHosts = []string{"zdn.vn", "zadn.vn", "dlfl.vn", "dlmd.me", "flchat.vn"}

// errPlace is an address that files are not fetched from.
var errPlace = errors.New("zalo: files are not fetched from there")

// Fetch opens a file by the link that came in a webhook. The links end soon, and
// they come from the network: only the platform's hosts are asked, never private
// addresses, and no other host by a redirect. Reading more than [MaxFile] bytes
// is an error.
func (c *Channel) Fetch(ctx context.Context, f bot.File) (io.ReadCloser, error) {
	if f.Channel != Name || f.ID == "" || f.Size > MaxFile {
		return nil, bot.ErrGone
	}
	u, err := url.Parse(f.ID)
	if err != nil || !fetchable(u, c.cfg.FileHosts) {
		return nil, bot.ErrGone
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	body, err := c.download(ctx, u)
	if err != nil {
		cancel()
		return nil, err
	}
	return bot.Bounded(body, MaxFile, cancel), nil
}

func (c *Channel) download(ctx context.Context, u *url.URL) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, bot.ErrGone
	}
	resp, err := c.files.Do(req)
	if errors.Is(err, errPlace) {
		return nil, bot.ErrGone
	}
	if err != nil { // a *url.Error shows the link, which opens the file
		return nil, fmt.Errorf("zalo: downloading the file: %s", c.secrets.Short(bot.WithoutAddress(err).Error()))
	}
	switch {
	case resp.StatusCode == http.StatusOK && resp.ContentLength <= MaxFile:
		return resp.Body, nil
	case resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
		err = fmt.Errorf("zalo: downloading the file: status %d", resp.StatusCode)
	default: // too large, or a link that has ended
		err = bot.ErrGone
	}
	resp.Body.Close()
	return nil, err
}

// fetchable tells whether an address is on one of the hosts or below it; a host
// with a port stands for itself alone.
func fetchable(u *url.URL, hosts []string) bool {
	if u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return false
	}
	host := strings.ToLower(u.Host)
	for _, h := range hosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// fileClient fetches from these hosts only. It uses no proxy: the addresses
// could not be looked at.
func fileClient(hosts []string, private bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if !private {
		dialer.Control = publicOnly // sees the address after the name is resolved
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:           dialer.DialContext,
			TLSHandshakeTimeout:   5 * time.Second,
			ResponseHeaderTimeout: 10 * time.Second,
			IdleConnTimeout:       30 * time.Second,
			MaxIdleConnsPerHost:   8,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > 3 || !fetchable(r.URL, hosts) {
				return errPlace
			}
			return nil
		},
	}
}

// publicOnly refuses to connect to anything but a public address.
func publicOnly(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !public(a.Addr().Unmap()) {
		return errPlace
	}
	return nil
}

// special are blocks that are no public hosts, beyond those that netip knows.
// Source: IANA special-purpose address registries.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // carriers' NAT
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), // IPv4 within IPv6
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2002::/16"),
}

func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
