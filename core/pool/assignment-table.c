/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/assignment-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/presence-seen.h"
#include "core/pool/reload-note.h"
#include "core/pool/sighting.h"

/**
 * IssAssignmentTable:
 *
 * What some servers use each certificate for.
 *
 * The console shows its rows, in which servers that use the same certificate stand
 * together; a shell shows its uses, one a server. Both are made here, so that they
 * cannot differ.
 */
struct _IssAssignmentTable
{
  GObject     parent_instance;

  GPtrArray  *servers;        /* (element-type IssServer) */
  GPtrArray  *observations;   /* (element-type IssObservation): what the uses borrow from */
  GArray     *uses;           /* of IssAssignmentUse: by server, as each showed them */
  GPtrArray  *rows;           /* (element-type IssAssignmentRow) */
  char       *silence;        /* (nullable) */

  gint64      now;
  gint64      at;             /* 0 = now */
  GTimeZone  *zone;           /* (nullable) */
};

G_DEFINE_FINAL_TYPE (IssAssignmentTable, iss_assignment_table, G_TYPE_OBJECT)

static void
iss_assignment_table_finalize (GObject *object)
{
  IssAssignmentTable *self = ISS_ASSIGNMENT_TABLE (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->uses, g_array_unref);
  g_clear_pointer (&self->observations, g_ptr_array_unref);
  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_clear_pointer (&self->silence, g_free);
  g_clear_pointer (&self->zone, g_time_zone_unref);

  G_OBJECT_CLASS (iss_assignment_table_parent_class)->finalize (object);
}

static void
iss_assignment_table_class_init (IssAssignmentTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_assignment_table_finalize;
}

static void
row_free (gpointer data)
{
  IssAssignmentRow *row = data;

  g_free (row->type);
  g_free (row->label);
  g_free (row->group);
  g_free (row->name);
  g_free (row->issued_to);
  g_free (row->issued_by);
  g_free (row->location);
  g_free (row->state);
  g_ptr_array_unref (row->servers);
  g_free (row);
}

static void
iss_assignment_table_init (IssAssignmentTable *self)
{
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->observations = g_ptr_array_new_with_free_func (g_object_unref);
  self->uses = g_array_new (FALSE, FALSE, sizeof (IssAssignmentUse));
  self->rows = g_ptr_array_new_with_free_func (row_free);
}

static void
add_uses (IssAssignmentTable *self,
          IssServer          *server,
          const char         *wanted)
{
  IssObservation *seen = iss_server_get_observation (server);
  gboolean stale = iss_sighting_is_stale (server, self->now);

  if (seen == NULL)
    return;

  g_ptr_array_add (self->observations, g_object_ref (seen));
  for (guint i = 0; i < iss_observation_get_n_types (seen); i++)
    {
      const IssObservedType *type = iss_observation_get_type_at (seen, i);

      if (wanted != NULL && strcmp (type->type, wanted) != 0)
        continue;

      for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
        {
          const IssObservedSlot *its = iss_presence_seen_slot (server, type->type, (IssSlot) slot,
                                                               self->at);
          IssAssignmentUse use = { server, type, (IssSlot) slot, its, NULL, stale };

          if (its == NULL)
            continue;

          use.certificate = iss_observation_find_certificate (seen, its->sha256);
          if (use.certificate != NULL && use.certificate->rung < ISS_RUNG_IN_STORE)
            use.certificate = NULL;
          g_array_append_val (self->uses, use);
        }
    }
}

/* The instant that the table is of. */
static gint64
get_instant (IssAssignmentTable *self)
{
  return self->at != 0 ? self->at : self->now;
}

static const IssAssignmentUse *
get_use (IssAssignmentTable *self,
         guint               index)
{
  return &g_array_index (self->uses, IssAssignmentUse, index);
}

static gboolean
is_same (const IssAssignmentUse *one,
         const IssAssignmentUse *other)
{
  return one->slot == other->slot && strcmp (one->type->type, other->type->type) == 0
         && strcmp (one->type->scope, other->type->scope) == 0
         && memcmp (one->seen->sha256, other->seen->sha256, sizeof one->seen->sha256) == 0;
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
say_not_reloaded (IssAssignmentTable *self,
                  IssAssignmentRow   *row,
                  GPtrArray          *uses,
                  GString            *state)
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
      say (state, self->servers->len == 1 ? wrong : text);
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
say_unattended (IssAssignmentTable *self,
                IssAssignmentRow   *row,
                GPtrArray          *uses,
                GString            *state)
{
  g_autoptr(GPtrArray) unattended = g_ptr_array_new ();
  g_autofree char *names = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < uses->len; i++)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, i);

      if (iss_presence_seen_origin (use->server, row->type, row->slot, self->at) ==
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
say_future (IssAssignmentTable *self,
            IssAssignmentRow   *row,
            GPtrArray          *uses,
            GString            *state)
{
  g_autofree char *names = dup_names (row->servers);
  g_autofree char *text = NULL;

  if (self->servers->len == 1)
    text = g_strdup (_("in use"));
  else if (uses->len == self->servers->len)
    text = g_strdup (_("on every server"));
  else
    /* Translators: %s are servers */
    text = g_strdup_printf (_("on %s"), names);
  say (state, text);
  say_unattended (self, row, uses, state);
}

static void
say_current (IssAssignmentTable *self,
             IssAssignmentRow   *row,
             GPtrArray          *uses,
             GString            *state)
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

  if (self->servers->len == 1)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, 0);

      say (state, use->certificate != NULL ? iss_rung_get_label (row->rung)
                                           : _("gone from the store"));
      say_not_reloaded (self, row, uses, state);
      return;
    }

  if (published->len == self->servers->len || (row->known != NULL && row->known->pool_wide))
    {
      /* Translators: on 2 of 3 servers a certificate is published */
      text = g_strdup_printf (_("%u of %u published"), published->len, self->servers->len);
      say (state, text);
      if (published->len > 0 && published->len < self->servers->len)
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
  say_not_reloaded (self, row, uses, state);

  /* It has come nowhere on those that should have it, too. */
  if (row->known != NULL && row->known->pool_wide && uses->len < self->servers->len)
    row->rung = ISS_RUNG_NONE;
}

/* Until when tokens may be about that only the previous certificate can verify: the rule of
 * iss_transition_judge(), which decides; this only foretells. 0 = none are. */
static gint64
get_needed_until (IssAssignmentTable     *self,
                  const IssAssignmentUse *use)
{
  const IssCertificateType *type = iss_certificate_type_find (use->type->type);
  const IssObservedSlot *current = iss_presence_seen_slot (use->server, use->type->type,
                                                           ISS_SLOT_CURRENT, self->at);
  gint64 since = current != NULL ? current->instant : 0;
  gint64 until;

  if (type == NULL || type->token_lifetime == 0 || since == 0)
    return 0;

  until = since + type->token_lifetime;
  if (use->certificate != NULL && use->certificate->not_after != 0)
    until = MIN (until, use->certificate->not_after);

  return get_instant (self) < until ? until : 0;
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
say_other_slot (IssAssignmentTable *self,
                IssAssignmentRow   *row,
                GPtrArray          *uses,
                GString            *state)
{
  gint64 instant = 0;
  g_autofree char *names = NULL;
  g_autofree char *when = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < uses->len; i++)
    {
      const IssAssignmentUse *use = g_ptr_array_index (uses, i);

      instant = MAX (instant, row->slot == ISS_SLOT_STAGED ? use->seen->instant
                                                           : get_needed_until (self, use));
    }

  when = instant != 0 ? iss_time_text_instant (instant, self->zone) : NULL;
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

  if (uses->len < self->servers->len)
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
say_age (IssAssignmentTable *self,
         IssAssignmentRow   *row,
         GString            *state)
{
  g_autoptr(GPtrArray) stale = g_ptr_array_new ();
  gint64 seen_at = G_MAXINT64;
  g_autofree char *names = NULL;
  g_autofree char *since = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < row->servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (row->servers, i);

      if (!iss_sighting_is_stale (server, self->now))
        continue;

      g_ptr_array_add (stale, server);
      seen_at = MIN (seen_at, iss_server_get_seen_at (server));
    }

  if (stale->len == 0)
    return;

  row->stale = stale->len == row->servers->len;
  since = iss_time_text_since (seen_at, self->now, self->zone);
  names = dup_names (stale);
  /* Translators: servers, time: "fe03 seen 13:41" */
  text = row->stale ? g_strdup_printf (_("seen %s"), since)
                    : g_strdup_printf (_("%s seen %s"), names, since);
  say (state, text);
}

static void
judge_validity (IssAssignmentTable           *self,
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

  if (certificate->not_after < get_instant (self))
    {
      row->verdict = ISS_VERDICT_EXPIRED;
      when = iss_time_text_date (certificate->not_after, self->zone);
      text = g_strdup_printf (_("expired %s"), when);
      say (state, text);
    }
  else if (certificate->not_before > get_instant (self) && row->slot == ISS_SLOT_CURRENT)
    {
      row->verdict = ISS_VERDICT_NOT_YET_VALID;
      when = iss_time_text_instant (certificate->not_before, self->zone);
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

/* The row of a use and of all that are the same. */
static void
add_row (IssAssignmentTable     *self,
         const IssAssignmentUse *first)
{
  IssAssignmentRow *row = new_row (first->type->type,
                                   iss_certificate_type_find (first->type->type));
  const IssObservedCertificate *certificate = NULL;
  g_autoptr(GPtrArray) uses = g_ptr_array_new ();
  g_autoptr(GString) state = g_string_new (NULL);

  row->slot = first->slot;
  row->has_certificate = TRUE;
  memcpy (row->sha256, first->seen->sha256, sizeof row->sha256);
  row->rung = first->seen->rung;
  g_free (row->location);
  row->location = g_strdup (strcmp (first->type->scope, "global") == 0 ? _("Global") : _("Local"));

  for (guint i = 0; i < self->uses->len; i++)
    {
      const IssAssignmentUse *use = get_use (self, i);

      if (!is_same (first, use))
        continue;

      g_ptr_array_add (uses, (gpointer) use);
      g_ptr_array_add (row->servers, g_object_ref (use->server));
      row->rung = MIN (row->rung, use->seen->rung);
      if (certificate == NULL)
        certificate = use->certificate;
    }

  fill_certificate (row, certificate);
  judge_validity (self, row, certificate, state);
  if (row->slot == ISS_SLOT_CURRENT && self->at != 0)
    say_future (self, row, uses, state);
  else if (row->slot == ISS_SLOT_CURRENT)
    say_current (self, row, uses, state);
  else
    say_other_slot (self, row, uses, state);
  say_age (self, row, state);
  row->state = g_string_free (g_steal_pointer (&state), FALSE);
  g_ptr_array_add (self->rows, row);
}

/* Servers that were seen and use nothing for a type, among those that use something, or all. */
static void
add_gap (IssAssignmentTable *self,
         const char         *name)
{
  const IssCertificateType *known = iss_certificate_type_find (name);
  IssAssignmentRow *row = new_row (name, known);
  g_autoptr(GString) state = g_string_new (NULL);
  g_autofree char *names = NULL;

  for (guint i = 0; i < self->servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (self->servers, i);
      IssObservation *seen = iss_server_get_observation (server);

      if (seen != NULL
          && iss_presence_seen_slot (server, name, ISS_SLOT_CURRENT, self->at) == NULL)
        g_ptr_array_add (row->servers, g_object_ref (server));
    }

  if (row->servers->len == 0)
    {
      row_free (row);
      return;
    }

  row->slot = ISS_SLOT_CURRENT;
  row->verdict = known != NULL && known->pool_wide ? ISS_VERDICT_MISSING : ISS_VERDICT_NONE;
  names = dup_names (row->servers);
  if (row->servers->len == self->servers->len)
    g_string_append (state, _("nothing is assigned"));
  else
    /* Translators: %s are servers */
    g_string_append_printf (state, _("nothing is assigned on %s"), names);
  say_age (self, row, state);
  row->state = g_string_free (g_steal_pointer (&state), FALSE);
  g_ptr_array_add (self->rows, row);
}

static gboolean
is_first (IssAssignmentTable *self,
          guint               index)
{
  for (guint i = 0; i < index; i++)
    {
      if (is_same (get_use (self, i), get_use (self, index)))
        return FALSE;
    }

  return TRUE;
}

static void
add_rows_of_type (IssAssignmentTable *self,
                  const char         *name,
                  gboolean            always)
{
  gboolean used = FALSE;

  for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
    {
      for (guint i = 0; i < self->uses->len; i++)
        {
          const IssAssignmentUse *use = get_use (self, i);

          if (use->slot != slot || strcmp (use->type->type, name) != 0)
            continue;

          used = TRUE;
          if (is_first (self, i))
            add_row (self, use);
        }

      /* Where nothing is current stands below what is. */
      if (slot == ISS_SLOT_CURRENT && (used || always))
        add_gap (self, name);
    }
}

/* What every front end needs is shown even if nobody has it. */
static gboolean
is_needed (const IssCertificateType *type)
{
  static const char *const needed[] = { "Default", "WebServicesInternal", "WebServicesExternal",
                                        "OAuthTokenIssuer", NULL };

  return g_strv_contains (needed, type->name);
}

static void
add_unknown_types (IssAssignmentTable *self)
{
  g_autoptr(GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->uses->len; i++)
    {
      const char *name = get_use (self, i)->type->type;

      if (iss_certificate_type_find (name) == NULL && g_hash_table_add (done, (gpointer) name))
        add_rows_of_type (self, name, FALSE);
    }
}

static void
add_silence (IssAssignmentTable *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean seen = FALSE;

  for (guint i = 0; i < self->servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (self->servers, i);
      g_autofree char *silence = NULL;

      if (!iss_sighting_is_stale (server, self->now))
        continue;

      silence = iss_sighting_dup_silence (server, self->now, self->zone);
      g_string_append_printf (text, "%s%s.", text->len > 0 ? " " : "", silence);
      seen = seen || iss_server_get_observation (server) != NULL;
    }

  if (seen)
    g_string_append_printf (text, " %s", _("What was last seen there is shown."));
  if (text->len > 0)
    self->silence = g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * iss_assignment_table_new_at:
 * @servers: (element-type IssServer): whose assignments; all of a pool, or one
 * @type: (nullable): name of a certificate type; %NULL for all
 * @now: the present, in seconds since 1970 by the console's clock
 * @at: as of which instant; 0: as it is
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Asks nobody: it shows what was seen of the servers last, or what that will come to by itself
 * until @at.
 *
 * Returns: (transfer full): what they use each certificate for
 */
IssAssignmentTable *
iss_assignment_table_new_at (GPtrArray  *servers,
                             const char *type,
                             gint64      now,
                             gint64      at,
                             GTimeZone  *zone)
{
  IssAssignmentTable *self;

  g_return_val_if_fail (servers != NULL, NULL);

  self = g_object_new (ISS_TYPE_ASSIGNMENT_TABLE, NULL);
  self->now = now;
  self->at = at;
  self->zone = zone != NULL ? g_time_zone_ref (zone) : NULL;

  for (guint i = 0; i < servers->len; i++)
    {
      g_ptr_array_add (self->servers, g_object_ref (g_ptr_array_index (servers, i)));
      add_uses (self, g_ptr_array_index (servers, i), type);
    }

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *known = iss_certificate_type_get (i);

      if (type == NULL || strcmp (known->name, type) == 0)
        add_rows_of_type (self, known->name, type != NULL || is_needed (known));
    }
  add_unknown_types (self);
  add_silence (self);

  return self;
}

/**
 * iss_assignment_table_new:
 * @servers: (element-type IssServer): whose assignments; all of a pool, or one
 * @type: (nullable): name of a certificate type; %NULL for all
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full): what they use each certificate for
 */
IssAssignmentTable *
iss_assignment_table_new (GPtrArray  *servers,
                          const char *type,
                          gint64      now,
                          GTimeZone  *zone)
{
  return iss_assignment_table_new_at (servers, type, now, 0, zone);
}

/**
 * iss_assignment_table_get_n_uses:
 * @self: a table
 *
 * Returns: how many slots of the servers hold something
 */
guint
iss_assignment_table_get_n_uses (IssAssignmentTable *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENT_TABLE (self), 0);

  return self->uses->len;
}

/**
 * iss_assignment_table_get_use:
 * @self: a table
 * @index: below iss_assignment_table_get_n_uses()
 *
 * Returns: (transfer none): a slot that holds something, in the servers' order
 */
const IssAssignmentUse *
iss_assignment_table_get_use (IssAssignmentTable *self,
                              guint               index)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENT_TABLE (self), NULL);
  g_return_val_if_fail (index < self->uses->len, NULL);

  return get_use (self, index);
}

/**
 * iss_assignment_table_get_n_rows:
 * @self: a table
 *
 * Returns: how many rows it has; none if no server was ever seen
 */
guint
iss_assignment_table_get_n_rows (IssAssignmentTable *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENT_TABLE (self), 0);

  return self->rows->len;
}

/**
 * iss_assignment_table_get_row:
 * @self: a table
 * @index: below iss_assignment_table_get_n_rows()
 *
 * Returns: (transfer none): a row; those of a group, and in it of a type, stand together
 */
const IssAssignmentRow *
iss_assignment_table_get_row (IssAssignmentTable *self,
                              guint               index)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENT_TABLE (self), NULL);
  g_return_val_if_fail (index < self->rows->len, NULL);

  return g_ptr_array_index (self->rows, index);
}

/**
 * iss_assignment_table_get_seen_at:
 * @self: a table
 *
 * Returns: the oldest look at a server that answers, else the newest at any, in seconds since
 *   1970; 0 if nobody has looked
 */
gint64
iss_assignment_table_get_seen_at (IssAssignmentTable *self)
{
  gint64 fresh = 0;
  gint64 last = 0;

  g_return_val_if_fail (ISS_IS_ASSIGNMENT_TABLE (self), 0);

  for (guint i = 0; i < self->servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (self->servers, i);
      gint64 seen_at = iss_server_get_seen_at (server);

      last = MAX (last, seen_at);
      if (seen_at != 0 && !iss_sighting_is_stale (server, self->now))
        fresh = fresh == 0 ? seen_at : MIN (fresh, seen_at);
    }

  return fresh != 0 ? fresh : last;
}

/**
 * iss_assignment_table_get_silence:
 * @self: a table
 *
 * Returns: (transfer none) (nullable): which servers do not answer, since when; %NULL if all do
 */
const char *
iss_assignment_table_get_silence (IssAssignmentTable *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENT_TABLE (self), NULL);

  return self->silence;
}

/**
 * iss_assignment_table_dup_ticket:
 * @self: a table
 * @title: what the rows answer, a sentence
 * @observer: who looked
 *
 * Returns: (transfer full): the rows as plain text for a ticket, with whole thumbprints
 */
char *
iss_assignment_table_dup_ticket (IssAssignmentTable *self,
                                 const char         *title,
                                 const char         *observer)
{
  g_autoptr(GString) text = NULL;
  g_autofree char *now = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGNMENT_TABLE (self), NULL);
  g_return_val_if_fail (title != NULL && observer != NULL, NULL);

  text = g_string_new (title);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < self->rows->len; i++)
    {
      const IssAssignmentRow *row = g_ptr_array_index (self->rows, i);
      g_autofree char *thumbprint = iss_text_hex (row->sha1, sizeof row->sha1, TRUE);
      g_autofree char *expires = row->not_after != 0 ? iss_time_text_iso (row->not_after) : NULL;

      g_string_append_printf (text, "%s, %s: ", row->label, iss_slot_get_label (row->slot));
      if (row->has_certificate)
        g_string_append_printf (text, "%s %s, %s%s, %s, ", row->name, thumbprint, _("expires "),
                                expires != NULL ? expires : "?", row->location);
      g_string_append_printf (text, "%s\n", row->state);
    }
  if (self->silence != NULL)
    g_string_append_printf (text, "%s\n", self->silence);

  now = iss_time_text_iso (self->now);
  /* Translators: who looked, and when */
  g_string_append_printf (text, _("Seen by %s, %s\n"), observer, now);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
