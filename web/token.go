package web

import (
	"crypto/rand"
	"net/http"
	"strconv"

	"goalpost"
	"goalpost/assess"
)

// TokensPage lists the tokens of other programs and makes new ones.
type TokensPage struct {
	Page
	Done   string // what was removed
	Made   string // title of the token that was just made; empty: none was
	Text   string // of that token, shown this once
	Tokens []TokenRow
	Name   string
	Roles  []Option
	Action string
	API    string // address of the description for machines
}

// TokenRow is one token.
type TokenRow struct {
	Name, About, Used string
	Remove            string // address
	RemoveLabel       string
}

// tokens shows which programs have access.
func (s *Server) tokens(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showTokens(w, r, v, http.StatusOK, TokensPage{Page: s.newPage(r, &v, "web.tokens.title")}, goalpost.RoleViewer)
}

func (s *Server) showTokens(w http.ResponseWriter, r *http.Request, v visitor, status int, p TokensPage, role goalpost.Role) error {
	list, err := s.DB.Tokens(r.Context(), v.org.ID)
	if err != nil {
		return err
	}
	p.Action, p.API = p.Href("/settings/tokens"), apiPath+"/openapi.json"
	for _, x := range list {
		row := TokenRow{Name: x.Name, Used: p.T("web.tokens.unused"), Remove: p.Action + "/" + strconv.FormatInt(int64(x.ID), 10) + "/remove", RemoveLabel: p.say("web.tokens.remove.label", goalpost.TextArg(x.Name))}
		row.About = p.say("web.tokens.about", goalpost.TextArg(p.T("web.tokens.role."+string(x.Role))), goalpost.DayArg(goalpost.DayOf(x.MadeAt, v.org.Zone())), goalpost.TextArg(x.MadeBy))
		if x.UsedDay != 0 {
			row.Used = p.say("web.tokens.used", goalpost.DayArg(x.UsedDay))
		}
		p.Tokens = append(p.Tokens, row)
	}
	for _, choice := range []goalpost.Role{goalpost.RoleViewer, goalpost.RoleEditor, goalpost.RoleOwner} {
		p.Roles = append(p.Roles, Option{Value: string(choice), Text: p.T("web.tokens.role." + string(choice)), Selected: choice == role})
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, status, "tokens", p)
}

// addToken makes a token and shows it, this once.
func (s *Server) addToken(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p := TokensPage{Page: s.newPage(r, &v, "web.tokens.title"), Name: r.PostForm.Get("name")}
	in := assess.TokenInput{Name: p.Name, Role: r.PostForm.Get("role"), By: v.user.Name, Now: s.Now()}
	_, _ = rand.Read(in.Secret[:]) // it never fails (crypto/rand)
	x, text, err := assess.AddToken(r.Context(), s.DB, v.org.ID, in)
	if err != nil {
		status, err := p.refused(err)
		if err != nil {
			return err
		}
		return s.showTokens(w, r, v, status, p, goalpost.Role(in.Role))
	}
	p.Name, p.Text, p.Made = "", text, p.say("web.tokens.made", goalpost.TextArg(x.Name))
	return s.showTokens(w, r, v, http.StatusOK, p, goalpost.RoleViewer)
}

// removeToken shuts a program out.
func (s *Server) removeToken(w http.ResponseWriter, r *http.Request, v visitor) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return notFound()
	}
	list, err := s.DB.Tokens(r.Context(), v.org.ID)
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.ID != goalpost.TokenID(id) {
			continue
		}
		if err := s.DB.RemoveToken(r.Context(), v.org.ID, x.ID); err != nil {
			return err
		}
		p := TokensPage{Page: s.newPage(r, &v, "web.tokens.title")}
		p.Done = p.say("web.tokens.removed", goalpost.TextArg(x.Name))
		return s.showTokens(w, r, v, http.StatusOK, p, goalpost.RoleViewer)
	}
	return notFound()
}
