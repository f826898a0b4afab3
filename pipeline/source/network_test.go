package source

import (
	"bytes"
	"net/netip"
	"net/url"
	"testing"
)

func TestIsPublic(t *testing.T) {
	for _, ip := range []string{"8.8.8.8", "114.114.114.114", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"} {
		if !isPublic(netip.MustParseAddr(ip)) {
			t.Errorf("%s is refused", ip)
		}
	}
	for _, ip := range []string{
		"127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
		"100.64.0.1", "100.127.0.1", "192.0.0.1", "198.18.0.1", "198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2002:c0a8:101::1",
	} {
		if isPublic(netip.MustParseAddr(ip)) {
			t.Errorf("%s passes for public", ip)
		}
	}
}

func FuzzRules(f *testing.F) {
	for _, seed := range []string{"User-agent: *\nDisallow: /a*b$\nCrawl-delay: 1e9", "disallow: /\nuser-agent:\r\rAllow:", "User-agent: sanpi\nDisallow: /%\nAllow: *$*", "\xff: \x00"} {
		f.Add([]byte(seed), "/admin/a.html?b=c")
	}
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		if u, err := url.Parse("http://a.example" + path); err == nil {
			path = u.RequestURI()
		}
		allowed := rulesOf(body, "sanpi/1.0 (+https://a.example)").Test(path)
		if !allowed && !bytes.Contains(bytes.ToLower(body), []byte("disallow")) {
			t.Errorf("%q disallows %q", body, path)
		}
	})
}
