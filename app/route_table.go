package app

import "soundings/surveys"

// RouteRow is one line of the table of access, for documents and tests.
type RouteRow struct {
	Method, Path string
	Who          string         // "anyone", "signed in", "owner", "designer", "token", "designer's token", "owner's token" or "role"
	Token        bool           // a bearer token instead of a cookie
	Roles        []surveys.Role // for Who "role": those that may, in the programme of the address
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
		rows = append(rows, row)
	}
	return rows
}
