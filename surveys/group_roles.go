package surveys

import (
	"context"
	"slices"
	"strings"
	"time"
)

// GroupRoles are the roles that members of a group at the provider have in a
// programme. They are worked out at each sign-in elsewhere; what is given by hand
// stays apart.
type GroupRoles struct {
	Group string `json:"group" validate:"required,max=200,line"`
	Roles []Role `json:"roles"`
}

// groupRoles is the one record of a programme that holds them all.
type groupRoles struct {
	Groups []GroupRoles `json:"groups"`
}

// mostGroups is how many groups a programme can name.
const mostGroups = 50

// groupsLast is how long roles by group last without a sign-in elsewhere that hears of
// them: for API tokens, and for passwords. Who has left the organisation cannot sign
// in there, and so has lost them by then.
const groupsLast = 7 * 24 * time.Hour

// GroupRoles lists which groups have which roles in a programme; its administrators
// may see them.
func (s *Service) GroupRoles(ctx context.Context, programme ProgrammeID) ([]GroupRoles, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return nil, err
	}
	all, err := readRecord[groupRoles](ctx, s.store, recordGroupRoles, string(programme))
	if kindOfNil(err) == KindNotFound {
		return nil, nil
	}
	return all.Groups, err
}

// SetGroupRoles says which roles members of a group have in a programme, none to take
// the group away; its administrators may. If the group had roles before, who has any
// by group there has to sign in again, so that nobody keeps what was taken away.
func (s *Service) SetGroupRoles(ctx context.Context, programme ProgrammeID, group GroupRoles) error {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return err
	}
	group.Group = strings.TrimSpace(group.Group)
	if err := check(group); err != nil {
		return err
	}
	for _, role := range group.Roles {
		if !slices.Contains(Roles(), role) {
			return invalid("roles", "account.unknown_role")
		}
	}
	slices.Sort(group.Roles)
	group.Roles = slices.Compact(group.Roles)
	had, err := s.putGroupRoles(ctx, programme, group)
	if err != nil {
		return err
	}
	if err := s.Audit(ctx, programme, "group.roles_changed", group.Group); err != nil {
		return err
	}
	if !had {
		return nil
	}
	return s.forgetGroups(ctx, func(a Account) bool { return len(a.Outside.Roles[programme]) > 0 }, true)
}

// putGroupRoles changes the record of a programme, and says whether the group was
// there.
func (s *Service) putGroupRoles(ctx context.Context, programme ProgrammeID, group GroupRoles) (had bool, err error) {
	_, err = s.put(ctx, recordGroupRoles, string(programme), string(programme), "", 0, groupRoles{})
	if err != nil && kindOfNil(err) != KindConflict {
		return false, err
	}
	_, err = change(ctx, s, recordGroupRoles, string(programme), func(all *groupRoles) error {
		i := slices.IndexFunc(all.Groups, func(g GroupRoles) bool { return g.Group == group.Group })
		had = i >= 0
		switch {
		case had && len(group.Roles) == 0:
			all.Groups = slices.Delete(all.Groups, i, i+1)
		case had:
			all.Groups[i] = group
		case len(group.Roles) == 0:
			return invalid("roles", "group.no_roles")
		case len(all.Groups) >= mostGroups:
			return invalid("group", "group.too_many", mostGroups)
		default:
			all.Groups = append(all.Groups, group)
		}
		return nil
	})
	return had, err
}

// byGroup is what these groups give: roles in programmes, and owning.
func (s *Service) byGroup(ctx context.Context, groups []string) (roles map[ProgrammeID][]Role, owner bool, err error) {
	if own := s.provider.OwnersGroup(); own != "" {
		owner = slices.Contains(groups, own)
	}
	for r, err := range s.store.Records(ctx, recordGroupRoles, "*") {
		if err != nil {
			return nil, false, err
		}
		all, err := decode[groupRoles](r)
		if err != nil {
			return nil, false, err
		}
		for _, g := range all.Groups {
			if !slices.Contains(groups, g.Group) {
				continue
			}
			if roles == nil {
				roles = map[ProgrammeID][]Role{}
			}
			both := slices.Concat(roles[ProgrammeID(r.ID)], g.Roles)
			slices.Sort(both)
			roles[ProgrammeID(r.ID)] = slices.Compact(both)
		}
	}
	return roles, owner, nil
}

// forgetOldGroups takes the roles by group from accounts that have not signed in
// elsewhere for a week.
func (s *Service) forgetOldGroups(ctx context.Context) error {
	since := s.moment().Add(-groupsLast)
	return s.forgetGroups(ctx, func(a Account) bool { return a.Outside.Seen.Before(since) }, false)
}

// forgetGroups takes the roles by group from the accounts that match, and ends their
// sign-ins if that is asked for.
func (s *Service) forgetGroups(ctx context.Context, match func(Account) bool, end bool) error {
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.Outside == nil || len(a.Outside.Roles) == 0 && !a.Outside.Owner || !match(a) {
			continue
		}
		_, err := s.changeAccount(ctx, a.ID, func(now *Account) error {
			if now.Outside != nil && match(*now) {
				now.Outside.Roles, now.Outside.Owner = nil, false
			}
			return nil
		})
		if err != nil {
			return err
		}
		if end {
			if err := s.endSignIns(ctx, a.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// GroupMember is somebody who has roles in a programme by group.
type GroupMember struct {
	Account Account
	Roles   []Role
	Seen    time.Time // when the provider was last heard
}

// GroupMembers lists who has roles in a programme by group now; its administrators
// may see them.
func (s *Service) GroupMembers(ctx context.Context, programme ProgrammeID) ([]GroupMember, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return nil, err
	}
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return nil, err
	}
	var members []GroupMember
	for _, a := range accounts {
		if a.Outside != nil && len(a.Outside.Roles[programme]) > 0 {
			members = append(members, GroupMember{a.shown(), a.Outside.Roles[programme], a.Outside.Seen})
		}
	}
	return members, nil
}
