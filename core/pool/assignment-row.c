/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/assignment-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/presence-seen.h"
#include "core/pool/reload-note.h"
#include "core/pool/sighting.h"

/* The instant that the row is of. */
static gint64
get_instant (const IssAssignmentView *view)
{
  return view->at != 0 ? view->at : view->now;
}

static char *
dup_names (GPtrArray *servers)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < servers->len; i++)
    g_ptr_array_add (names, iss_server_dup_short_name (g_ptr_array_index (servers, i)));
  g_ptr_array_add (names, NULL);

  return iss_text_join_names ((const char *const *) names->pdata);
}

/* "; " between what is said already and what is said too. */
static void
say (GString    *state,
     const char *text)
{
  if (state->len > 0)
    g_string_append (state, "; ");
  g_string_append (state, text);
}

/* Where services do not use yet what is published. */
static void
say_not_reloaded (const IssAssignmentView *view,
                  IssAssignmentRow        *row,
                  GPtrArray               *uses,
                  GString                 *state)
{
  for (guint i = 0; i < uses->len; i++)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, i);
      g_autofree char *wrong = iss_reload_note_dup_in_vain (use->server, row->type,
                                                            use->seen->rung);
      g_autofree char *name = NULL;
      g_autofree char *text = NULL;

      if (wrong == NULL)
        continue;

      row->rung = MIN (row->rung, ISS_RELOAD_NOTE_RUNG);
      name = iss_server_dup_short_name (use->server);
      text = g_strdup_printf (_("%s: %s"), name, wrong);
      say (state, view->n_servers == 1 ? wrong : text);
    }
}

/* What has come less far than the services need, server by server. */
static void
say_laggards (GString   *state,
              GPtrArray *uses)
{
  for (guint i = 0; i < uses->len; i++)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, i);
      g_autofree char *name = NULL;
      g_autofree char *text = NULL;

      if (use->seen->rung >= ISS_RUNG_PUBLISHED)
        continue;

      name = iss_server_dup_short_name (use->server);
      /* Translators: server, how far a certificate has come: "fe02: in store" */
      text = g_strdup_printf (_("%s: %s"), name,
                              use->certificate != NULL ? iss_rung_get_label (use->seen->rung)
                                                       : _("gone from the store"));
      say (state, text);
    }
}

/* Where nobody runs the roll that would bring it there. */
static void
say_unattended (const IssAssignmentView *view,
                IssAssignmentRow        *row,
                GPtrArray               *uses,
                GString                 *state)
{
  g_autoptr(GPtrArray) unattended = g_ptr_array_new ();
  g_autofree char *names = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < uses->len; i++)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, i);

      if (iss_presence_seen_origin (use->server, row->type, row->slot, view->at) ==
          ISS_SLOT_STAGED &&
          iss_observation_is_unattended (iss_server_get_observation (use->server)))
        g_ptr_array_add (unattended, use->server);
    }

  if (unattended->len == 0)
    return;

  names = dup_names (unattended);
  /* Translators: %s are servers */
  text = g_strdup_printf (_("no service runs the roll on %s"), names);
  say (state, text);
}

/* What will be published then, nobody has seen: only who will have it is known. */
static void
say_future (const IssAssignmentView *view,
            IssAssignmentRow        *row,
            GPtrArray               *uses,
            GString                 *state)
{
  g_autofree char *names = dup_names (row->servers);
  g_autofree char *text = NULL;

  if (view->n_servers == 1)
    text = g_strdup (_("in use"));
  else if (uses->len == view->n_servers)
    text = g_strdup (_("on every server"));
  else
    /* Translators: %s are servers */
    text = g_strdup_printf (_("on %s"), names);
  say (state, text);
  say_unattended (view, row, uses, state);
}

static void
say_current (const IssAssignmentView *view,
             IssAssignmentRow        *row,
             GPtrArray               *uses,
             GString                 *state)
{
  g_autoptr(GPtrArray) published = g_ptr_array_new ();
  g_autofree char *names = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < uses->len; i++)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, i);

      if (use->seen->rung >= ISS_RUNG_PUBLISHED)
        g_ptr_array_add (published, use->server);
    }

  if (view->n_servers == 1)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, 0);

      say (state, use->certificate != NULL ? iss_rung_get_label (row->rung)
                                           : _("gone from the store"));
      say_not_reloaded (view, row, uses, state);
      return;
    }

  if (published->len == view->n_servers || (row->known != NULL && row->known->pool_wide))
    {
      /* Translators: on 2 of 3 servers a certificate is published */
      text = g_strdup_printf (_("%u of %u published"), published->len, view->n_servers);
      say (state, text);
      if (published->len > 0 && published->len < view->n_servers)
        {
          names = dup_names (published);
          g_string_append_printf (state, ": %s", names);
        }
    }
  else if (published->len > 0)
    {
      names = dup_names (published);
      /* Translators: %s are servers */
      text = g_strdup_printf (_("published on %s"), names);
      say (state, text);
    }

  say_laggards (state, uses);
  say_not_reloaded (view, row, uses, state);

  /* It has come nowhere on those that should have it, too. */
  if (row->known != NULL && row->known->pool_wide && uses->len < view->n_servers)
    row->rung = ISS_RUNG_NONE;
}

/* Until when tokens may be about that only the previous certificate can verify: the rule of
 * iss_transition_judge(), which decides; this only foretells. 0 = none are. */
static gint64
get_needed_until (const IssAssignmentView *view,
                  const IssAssignmentUse  *use)
{
  const IssCertificateType *type = iss_certificate_type_find (use->type->type);
  const IssObservedSlot *current = iss_presence_seen_slot (use->server, use->type->type,
                                                           ISS_SLOT_CURRENT, view->at);
  gint64 since = current != NULL ? current->instant : 0;
  gint64 until;

  if (type == NULL || type->token_lifetime == 0 || since == 0)
    return 0;

  until = since + type->token_lifetime;
  if (use->certificate != NULL && use->certificate->not_after != 0)
    until = MIN (until, use->certificate->not_after);

  return get_instant (view) < until ? until : 0;
}

/* Where the roll waits to be armed: at its instant nothing happens there. */
static void
say_held (GPtrArray *uses,
          GString   *state)
{
  g_autoptr(GPtrArray) held = g_ptr_array_new ();
  g_autofree char *names = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < uses->len; i++)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, i);

      if (use->type->held)
        g_ptr_array_add (held, use->server);
    }

  if (held->len == 0)
    return;

  names = dup_names (held);
  /* Translators: %s are servers */
  text = held->len == uses->len ? g_strdup (_("held: not armed"))
                                : g_strdup_printf (_("held, not armed, on %s"), names);
  say (state, text);
}

static void
say_other_slot (const IssAssignmentView *view,
                IssAssignmentRow        *row,
                GPtrArray               *uses,
                GString                 *state)
{
  gint64 instant = 0;
  g_autofree char *names = NULL;
  g_autofree char *when = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < uses->len; i++)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, i);

      instant = MAX (instant, row->slot == ISS_SLOT_STAGED ? use->seen->instant
                                                           : get_needed_until (view, use));
    }

  when = instant != 0 ? iss_time_text_instant (instant, view->zone) : NULL;
  if (row->slot == ISS_SLOT_STAGED)
    /* Translators: %s is an instant: a certificate becomes current then */
    text = when != NULL ? g_strdup_printf (_("from %s"), when) : g_strdup (_("staged"));
  else
    /* Translators: %s is an instant: a certificate verifies what it signed until then */
    text = when != NULL ? g_strdup_printf (_("needed until %s"), when)
                        : g_strdup (_("may be removed"));
  say (state, text);
  if (row->slot == ISS_SLOT_STAGED)
    say_held (uses, state);

  if (uses->len < view->n_servers)
    {
      names = dup_names (row->servers);
      g_string_append (state, " ");
      /* Translators: %s are servers */
      g_string_append_printf (state, _("(on %s)"), names);
    }
}

/* When what is said was seen, of each server that does not answer: since when it does not,
 * the table's silence says. */
static void
say_age (const IssAssignmentView *view,
         IssAssignmentRow        *row,
         GString                 *state)
{
  g_autoptr(GPtrArray) stale = g_ptr_array_new ();
  gint64 seen_at = G_MAXINT64;
  g_autofree char *names = NULL;
  g_autofree char *since = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < row->servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (row->servers, i);

      if (!iss_sighting_is_stale (server, view->now))
        continue;

      g_ptr_array_add (stale, server);
      seen_at = MIN (seen_at, iss_server_get_seen_at (server));
    }

  if (stale->len == 0)
    return;

  row->stale = stale->len == row->servers->len;
  since = iss_time_text_since (seen_at, view->now, view->zone);
  names = dup_names (stale);
  /* Translators: servers, time: "fe03 seen 13:41" */
  text = row->stale ? g_strdup_printf (_("seen %s"), since)
                    : g_strdup_printf (_("%s seen %s"), names, since);
  say (state, text);
}

static void
judge_validity (const IssAssignmentView      *view,
                IssAssignmentRow             *row,
                const IssObservedCertificate *certificate,
                GString                      *state)
{
  g_autofree char *when = NULL;
  g_autofree char *text = NULL;

  if (certificate == NULL)
    {
      row->verdict = ISS_VERDICT_MISSING;
      return;
    }

  row->verdict = ISS_VERDICT_AGREES;
  if (row->slot == ISS_SLOT_PREVIOUS)
    return;

  if (certificate->not_after < get_instant (view))
    {
      row->verdict = ISS_VERDICT_EXPIRED;
      when = iss_time_text_date (certificate->not_after, view->zone);
      text = g_strdup_printf (_("expired %s"), when);
      say (state, text);
    }
  else if (certificate->not_before > get_instant (view) && row->slot == ISS_SLOT_CURRENT)
    {
      row->verdict = ISS_VERDICT_NOT_YET_VALID;
      when = iss_time_text_instant (certificate->not_before, view->zone);
      text = g_strdup_printf (_("not valid before %s"), when);
      say (state, text);
    }
}

static IssAssignmentRow *
new_row (const char               *name,
         const IssCertificateType *known)
{
  IssAssignmentRow *row = g_new0 (IssAssignmentRow, 1);

  row->known = known;
  row->type = g_strdup (name);
  row->label = g_strdup (known != NULL ? iss_certificate_type_get_label (known) : name);
  row->group = g_strdup (known != NULL ? _(known->group) : _("Other services"));
  row->name = g_strdup ("");
  row->issued_to = g_strdup ("");
  row->issued_by = g_strdup ("");
  row->location = g_strdup ("");
  row->servers = g_ptr_array_new_with_free_func (g_object_unref);

  return row;
}

static void
fill_certificate (IssAssignmentRow             *row,
                  const IssObservedCertificate *certificate)
{
  if (certificate == NULL)
    {
      g_free (row->name);
      row->name = g_strdup (_("gone from the store"));
      return;
    }

  memcpy (row->sha1, certificate->sha1, sizeof row->sha1);
  row->not_after = certificate->not_after;
  g_free (row->issued_to);
  row->issued_to = g_strdup (certificate->issued_to);
  g_free (row->issued_by);
  row->issued_by = g_strdup (certificate->issued_by);
  g_free (row->name);
  row->name = g_strdup (*certificate->friendly_name != '\0' ? certificate->friendly_name
                                                            : certificate->issued_to);
}

/**
 * iss_assignment_row_new:
 * @uses: (element-type IssAssignmentUse): those that share a certificate, at least one
 * @view: what the row is shown in
 *
 * Returns: (transfer full): what they use, and how it is about that
 */
IssAssignmentRow *
iss_assignment_row_new (GPtrArray               *uses,
                        const IssAssignmentView *view)
{
  const IssObservedCertificate *certificate = NULL;
  const IssAssignmentUse *first;
  IssAssignmentRow *row;
  g_autoptr(GString) state = g_string_new (NULL);

  g_return_val_if_fail (uses != NULL && uses->len > 0, NULL);
  g_return_val_if_fail (view != NULL, NULL);

  first = g_ptr_array_index (uses, 0);
  row = new_row (first->type->type, iss_certificate_type_find (first->type->type));
  row->slot = first->slot;
  row->has_certificate = TRUE;
  memcpy (row->sha256, first->seen->sha256, sizeof row->sha256);
  row->rung = first->seen->rung;
  g_free (row->location);
  row->location = g_strdup (strcmp (first->type->scope, "global") == 0 ? _("Global") : _("Local"));

  for (guint i = 0; i < uses->len; i++)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, i);

      g_ptr_array_add (row->servers, g_object_ref (use->server));
      row->rung = MIN (row->rung, use->seen->rung);
      if (certificate == NULL)
        certificate = use->certificate;
    }

  fill_certificate (row, certificate);
  judge_validity (view, row, certificate, state);
  if (row->slot == ISS_SLOT_CURRENT && view->at != 0)
    say_future (view, row, uses, state);
  else if (row->slot == ISS_SLOT_CURRENT)
    say_current (view, row, uses, state);
  else
    say_other_slot (view, row, uses, state);
  say_age (view, row, state);
  row->state = g_string_free (g_steal_pointer (&state), FALSE);

  return row;
}

/**
 * iss_assignment_row_new_gap:
 * @type: the name of a certificate type
 * @servers: (element-type IssServer): those that use nothing for it
 * @view: what the row is shown in
 *
 * Returns: (transfer full): that nothing is assigned there
 */
IssAssignmentRow *
iss_assignment_row_new_gap (const char              *type,
                            GPtrArray               *servers,
                            const IssAssignmentView *view)
{
  IssAssignmentRow *row;
  g_autoptr(GString) state = g_string_new (NULL);
  g_autofree char *names = NULL;

  g_return_val_if_fail (type != NULL && servers != NULL, NULL);
  g_return_val_if_fail (view != NULL, NULL);

  row = new_row (type, iss_certificate_type_find (type));
  for (guint i = 0; i < servers->len; i++)
    g_ptr_array_add (row->servers, g_object_ref (g_ptr_array_index (servers, i)));
  row->slot = ISS_SLOT_CURRENT;
  row->verdict = row->known != NULL && row->known->pool_wide ? ISS_VERDICT_MISSING
                                                             : ISS_VERDICT_NONE;
  names = dup_names (row->servers);
  if (row->servers->len == view->n_servers)
    g_string_append (state, _("nothing is assigned"));
  else
    /* Translators: %s are servers */
    g_string_append_printf (state, _("nothing is assigned on %s"), names);
  say_age (view, row, state);
  row->state = g_string_free (g_steal_pointer (&state), FALSE);

  return row;
}

/**
 * iss_assignment_row_free:
 * @self: (transfer full): a row
 */
void
iss_assignment_row_free (IssAssignmentRow *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->type);
  g_free (self->label);
  g_free (self->group);
  g_free (self->name);
  g_free (self->issued_to);
  g_free (self->issued_by);
  g_free (self->location);
  g_free (self->state);
  g_ptr_array_unref (self->servers);
  g_free (self);
}
