package app

import "soundings/surveys"

// RouteRow is one line of the table of access, for documents and tests.
type RouteRow struct {
	Method, Path string
	Who          string         // "anyone", "signed in", "owner", "designer", "token", "designer's token", "owner's token" or "role"
	Token        bool           // a bearer token instead of a cookie
	Roles        []surveys.Role // for Who "role": those that may, in the programme of the address

	Scopes []surveys.Scope // for Token: those that let a token through, of an account that may
}

// RouteTable lists every route with who may use it.
func RouteTable() []RouteRow {
	words := map[access]string{
		public: "anyone", signedIn: "signed in", owner: "owner", designer: "designer", programme: "role",
		bearer: "token", bearerOwner: "owner's token", bearerDesigner: "designer's token", bearerFor: "role",
	}
	rows := make([]RouteRow, 0, len(routes()))
	for _, r := range routes() {
		row := RouteRow{Method: r.method, Path: r.path, Who: words[r.access]}
		row.Token = r.access == bearer || r.access == bearerOwner || r.access == bearerDesigner || r.access == bearerFor
		if row.Who == "role" {
			row.Roles = surveys.RolesWith(r.needs)
		}
		row.Scopes = scopesOf(r)
		rows = append(rows, row)
	}
	return rows
}

// scopesOf are the scopes of which a token needs one for r.
func scopesOf(r route) []surveys.Scope {
	switch r.access {
	case bearerFor:
		return surveys.ScopesWith(r.needs)
	case bearerOwner:
		return []surveys.Scope{surveys.ScopeManage}
	case bearerDesigner:
		return []surveys.Scope{surveys.ScopeDesign}
	case bearer:
		return surveys.Scopes()
	}
	return nil
}
