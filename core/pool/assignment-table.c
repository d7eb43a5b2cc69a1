/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/assignment-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/presence-seen.h"
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

  IssAssignmentView view;     /* owns its zone */
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
  g_clear_pointer (&self->view.zone, g_time_zone_unref);

  G_OBJECT_CLASS (iss_assignment_table_parent_class)->finalize (object);
}

static void
iss_assignment_table_class_init (IssAssignmentTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_assignment_table_finalize;
}

static void
iss_assignment_table_init (IssAssignmentTable *self)
{
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->observations = g_ptr_array_new_with_free_func (g_object_unref);
  self->uses = g_array_new (FALSE, FALSE, sizeof (IssAssignmentUse));
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_assignment_row_free);
}

static void
add_uses (IssAssignmentTable *self,
          IssServer          *server,
          const char         *wanted)
{
  IssObservation *seen = iss_server_get_observation (server);
  gboolean stale = iss_sighting_is_stale (server, self->view.now);

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
                                                               self->view.at);
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

/* The row of a use and of all that are the same. */
static void
add_row (IssAssignmentTable     *self,
         const IssAssignmentUse *first)
{
  g_autoptr(GPtrArray) uses = g_ptr_array_new ();

  for (guint i = 0; i < self->uses->len; i++)
    {
      const IssAssignmentUse *use = get_use (self, i);

      if (is_same (first, use))
        g_ptr_array_add (uses, (gpointer) use);
    }

  g_ptr_array_add (self->rows, iss_assignment_row_new (uses, &self->view));
}

/* Servers that were seen and use nothing for a type, among those that use something, or all. */
static void
add_gap (IssAssignmentTable *self,
         const char         *name)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();

  for (guint i = 0; i < self->servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (self->servers, i);

      if (iss_server_get_observation (server) != NULL &&
          iss_presence_seen_slot (server, name, ISS_SLOT_CURRENT, self->view.at) == NULL)
        g_ptr_array_add (servers, server);
    }

  if (servers->len > 0)
    g_ptr_array_add (self->rows, iss_assignment_row_new_gap (name, servers, &self->view));
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

      if (!iss_sighting_is_stale (server, self->view.now))
        continue;

      silence = iss_sighting_dup_silence (server, self->view.now, self->view.zone);
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
  self->view.now = now;
  self->view.at = at;
  self->view.zone = zone != NULL ? g_time_zone_ref (zone) : NULL;
  self->view.n_servers = servers->len;

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
      if (seen_at != 0 && !iss_sighting_is_stale (server, self->view.now))
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

  now = iss_time_text_iso (self->view.now);
  /* Translators: who looked, and when */
  g_string_append_printf (text, _("Seen by %s, %s\n"), observer, now);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
