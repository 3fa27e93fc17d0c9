package web

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// sendPart sends the beginning of a request and no more, and reads the answer.
func (s *site) sendPart(method, path, token, kind string) (status int, body string) {
	s.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = c.Close() }() // the answer was read
	if _, err := fmt.Fprintf(c, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: 5000\r\n\r\n{", method, path, c.RemoteAddr(), token, kind); err != nil {
		s.t.Fatal(err)
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		s.t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

// A request that did not arrive completely is not answered as if all were well: of what has
// not arrived nothing is kept.
func TestPartOfARequest(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	status, body := s.sendPart("POST", apiPath+"/activities", editorToken, "application/json")
	if status != 422 || decode[problemDocument](t, body).Key != "error.api.cut-off" {
		t.Errorf("%d %s", status, body)
	}
	if status, body = s.sendPart("POST", apiPath+"/imports", editorToken, "multipart/form-data; boundary=x"); status != 422 || body == "" {
		t.Errorf("an import: %d %s", status, body)
	}
	if status, body = s.sendPart("POST", "/en/login", "", "application/x-www-form-urlencoded"); status != 422 || !strings.Contains(body, "<h1") {
		t.Errorf("a page: %d %s", status, body)
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", s.log)
	}
}
