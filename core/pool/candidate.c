/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/candidate-private.h"

#include "core/base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * IssCandidate:
 *
 * One certificate that some server has in its Personal store, and whether all
 * the servers asked could use it for a type. What is wrong with the certificate
 * itself is said before what is missing on a server.
 */
struct _IssCandidate
{
  GObject      parent_instance;

  GBytes      *sha256;
  GBytes      *sha1;
  char        *issued_to;
  char        *issued_by;
  char        *friendly_name;
  gint64       not_before;
  gint64       not_after;
  char        *key_text;
  guint        n_on;
  guint        n_servers;
  char        *holder;
  gboolean     is_suitable;
  gboolean     has_warnings;
  char        *reason;       /* (nullable) */
  char        *used_for;
  GHashTable  *findings;     /* server name → GPtrArray of IssFinding */
};

/* A certificate on its way to become a candidate. */
typedef struct
{
  IssCandidate *candidate;
  GPtrArray    *absent;      /* (element-type utf8): short names, borrowed */
  GPtrArray    *keyless;
  const char   *key_holder;  /* (nullable): where the key can be exported */
  GPtrArray    *types;       /* (element-type utf8): what it is current for */
  const char   *error;       /* (nullable): the first finding that refuses */
  GPtrArray    *warnings;    /* (element-type utf8) */
} Group;

G_DEFINE_FINAL_TYPE (IssCandidate, iss_candidate, G_TYPE_OBJECT)

static void
iss_candidate_finalize (GObject *object)
{
  IssCandidate *self = ISS_CANDIDATE (object);

  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_pointer (&self->sha1, g_bytes_unref);
  g_clear_pointer (&self->issued_to, g_free);
  g_clear_pointer (&self->issued_by, g_free);
  g_clear_pointer (&self->friendly_name, g_free);
  g_clear_pointer (&self->key_text, g_free);
  g_clear_pointer (&self->holder, g_free);
  g_clear_pointer (&self->reason, g_free);
  g_clear_pointer (&self->used_for, g_free);
  g_clear_pointer (&self->findings, g_hash_table_unref);

  G_OBJECT_CLASS (iss_candidate_parent_class)->finalize (object);
}

static void
iss_candidate_class_init (IssCandidateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_candidate_finalize;
}

static void
iss_candidate_init (IssCandidate *self)
{
  self->findings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_ptr_array_unref);
}

/**
 * iss_candidate_view_free:
 * @view: (transfer full): what a server showed
 */
void
iss_candidate_view_free (IssCandidateView *view)
{
  g_free (view->name);
  g_free (view->short_name);
  g_clear_object (&view->rows);
  g_clear_pointer (&view->findings, g_hash_table_unref);
  g_free (view);
}

static void
group_free (gpointer data)
{
  Group *self = data;

  g_object_unref (self->candidate);
  g_ptr_array_unref (self->absent);
  g_ptr_array_unref (self->keyless);
  g_ptr_array_unref (self->types);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}

static Group *
group_new (const IssRow *row,
           guint         n_servers)
{
  Group *self = g_new0 (Group, 1);
  IssCandidate *candidate = g_object_new (ISS_TYPE_CANDIDATE, NULL);

  candidate->sha256 = g_bytes_new (row->sha256, ISS_SHA256_SIZE);
  candidate->sha1 = g_bytes_new (row->sha1, ISS_SHA1_SIZE);
  candidate->issued_to = g_strdup (row->issued_to);
  candidate->issued_by = g_strdup (row->issued_by);
  candidate->friendly_name = g_strdup ("");
  candidate->not_before = row->not_before;
  candidate->not_after = row->not_after;
  candidate->key_text = row->key_bits > 0
                        ? g_strdup_printf ("%s %u", row->key_algorithm, row->key_bits)
                        : g_strdup (row->key_algorithm);
  candidate->n_servers = n_servers;

  self->candidate = candidate;
  self->absent = g_ptr_array_new ();
  self->keyless = g_ptr_array_new ();
  self->types = g_ptr_array_new_with_free_func (g_free);
  self->warnings = g_ptr_array_new ();

  return self;
}

static void
add_once (GPtrArray  *texts,
          const char *text,
          gboolean    copy)
{
  if (!g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
    g_ptr_array_add (texts, copy ? g_strdup (text) : (gpointer) text);
}

static gboolean
is_asked_about (const char *const *types,
                const char        *name)
{
  for (guint i = 0; types[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (types[i], name) == 0)
        return TRUE;
    }

  return FALSE;
}

/* "Default:current,OAuthTokenIssuer:previous": what it is current for, beside @types. */
static void
group_add_types (Group             *self,
                 const char        *assigned_to,
                 const char *const *types)
{
  g_auto(GStrv) uses = g_strsplit (assigned_to, ",", -1);

  for (guint i = 0; uses[i] != NULL; i++)
    {
      char *colon = strchr (uses[i], ':');

      if (colon == NULL || strcmp (colon + 1, iss_slot_get_name (ISS_SLOT_CURRENT)) != 0)
        continue;

      *colon = '\0';
      if (!is_asked_about (types, uses[i]))
        add_once (self->types, uses[i], TRUE);
    }
}

static void
group_add_findings (Group                  *self,
                    const IssCandidateView *view,
                    GPtrArray              *findings)
{
  g_hash_table_replace (self->candidate->findings, g_strdup (view->name),
                        g_ptr_array_ref (findings));

  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity == ISS_FINDING_ERROR && self->error == NULL)
        self->error = finding->text;
      else if (finding->severity == ISS_FINDING_WARNING)
        add_once (self->warnings, finding->text, FALSE);
    }
}

static void
group_add_row (Group                  *self,
               const IssCandidateView *view,
               const IssRow           *row,
               const char *const      *types)
{
  IssCandidate *candidate = self->candidate;
  GPtrArray *findings = g_hash_table_lookup (view->findings, candidate->sha256);

  candidate->n_on++;
  if (candidate->holder == NULL)
    candidate->holder = g_strdup (view->name);
  group_add_types (self, row->assigned_to, types);
  if (candidate->friendly_name[0] == '\0' && row->friendly_name[0] != '\0')
    {
      g_free (candidate->friendly_name);
      candidate->friendly_name = g_strdup (row->friendly_name);
    }

  if (row->key_state == ISS_KEY_STATE_NONE)
    {
      g_ptr_array_add (self->keyless, view->short_name);
      return;
    }

  if (self->key_holder == NULL && row->key_state == ISS_KEY_STATE_FILE && row->exportable)
    self->key_holder = view->short_name;
  if (findings != NULL)
    group_add_findings (self, view, findings);
}

static char *
dup_joined (GPtrArray *names)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new ();

  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (list, g_ptr_array_index (names, i));
  g_ptr_array_add (list, NULL);

  return iss_text_join_names ((const char *const *) list->pdata);
}

static char *
dup_separated (GPtrArray  *texts,
               const char *separator)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new ();

  for (guint i = 0; i < texts->len; i++)
    g_ptr_array_add (list, g_ptr_array_index (texts, i));
  g_ptr_array_add (list, NULL);

  return g_strjoinv (separator, (char **) list->pdata);
}

/* Why it cannot be assigned on every server, or NULL. */
static char *
dup_refusal (const Group *self)
{
  g_autofree char *names = NULL;

  if (self->error != NULL)
    return g_strdup (self->error);

  if (self->keyless->len > 0)
    {
      names = dup_joined (self->keyless);
      if (self->key_holder != NULL)
        /* Translators: servers that lack a key, a server that has it */
        return g_strdup_printf (_("no private key on %s: export it with its key from %s, "
                                  "then import it there"), names, self->key_holder);
      return g_strdup_printf (_("no private key on %s: import it there with its key"), names);
    }

  if (self->absent->len > 0)
    {
      names = dup_joined (self->absent);
      return g_strdup_printf (_("not on %s: import it there first"), names);
    }

  return NULL;
}

static IssCandidate *
group_finish (Group *self)
{
  IssCandidate *candidate = self->candidate;

  candidate->reason = dup_refusal (self);
  candidate->is_suitable = candidate->reason == NULL;
  candidate->has_warnings = self->warnings->len > 0;
  if (candidate->reason == NULL && candidate->has_warnings)
    candidate->reason = dup_separated (self->warnings, "; ");
  candidate->used_for = dup_separated (self->types, ", ");

  return g_object_ref (candidate);
}

static int
compare_candidates (gconstpointer a,
                    gconstpointer b)
{
  const IssCandidate *first = *(IssCandidate *const *) a;
  const IssCandidate *second = *(IssCandidate *const *) b;
  int order;

  if (first->is_suitable != second->is_suitable)
    return first->is_suitable ? -1 : 1;

  order = g_utf8_collate (first->issued_to, second->issued_to);
  if (order != 0)
    return order;
  if (first->not_after != second->not_after)
    return first->not_after > second->not_after ? -1 : 1;

  return g_bytes_compare (first->sha256, second->sha256);
}

/* Finds or makes the group of each row of a server, and adds the row to it. */
static void
add_view (GHashTable             *groups,
          GPtrArray              *order,
          const IssCandidateView *view,
          guint                   n_servers,
          const char *const      *types)
{
  for (guint i = 0; i < iss_row_table_get_n_rows (view->rows); i++)
    {
      g_autoptr(GBytes) sha256 = NULL;
      Group *group;
      IssRow row;

      iss_row_table_get_row (view->rows, i, &row);
      sha256 = g_bytes_new (row.sha256, ISS_SHA256_SIZE);
      group = g_hash_table_lookup (groups, sha256);
      if (group == NULL)
        {
          group = group_new (&row, n_servers);
          g_ptr_array_add (order, group);
          g_hash_table_insert (groups, group->candidate->sha256, group);
        }
      group_add_row (group, view, &row, types);
    }
}

static void
add_absences (GPtrArray              *order,
              const IssCandidateView *view)
{
  g_autoptr(GHashTable) present = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                         (GDestroyNotify) g_bytes_unref, NULL);

  for (guint i = 0; i < iss_row_table_get_n_rows (view->rows); i++)
    {
      IssRow row;

      iss_row_table_get_row (view->rows, i, &row);
      g_hash_table_add (present, g_bytes_new (row.sha256, ISS_SHA256_SIZE));
    }

  for (guint i = 0; i < order->len; i++)
    {
      Group *group = g_ptr_array_index (order, i);

      if (!g_hash_table_contains (present, group->candidate->sha256))
        g_ptr_array_add (group->absent, view->short_name);
    }
}

/**
 * iss_candidate_group:
 * @views: (element-type IssCandidateView): what each server showed
 * @types: the certificate types that are asked about
 *
 * Puts the same certificate of all servers together, by SHA-256, and says why
 * it cannot be used: what a server finds wrong with it first, then where its
 * key is missing, then where it is.
 *
 * Returns: (transfer full) (element-type IssCandidate): the suitable ones
 *   first, then by name, the one that lasts longest first
 */
GPtrArray *
iss_candidate_group (GPtrArray         *views,
                     const char *const *types)
{
  g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func (group_free);
  g_autoptr(GHashTable) groups = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  GPtrArray *candidates = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < views->len; i++)
    add_view (groups, order, g_ptr_array_index (views, i), views->len, types);
  for (guint i = 0; i < views->len; i++)
    add_absences (order, g_ptr_array_index (views, i));
  for (guint i = 0; i < order->len; i++)
    g_ptr_array_add (candidates, group_finish (g_ptr_array_index (order, i)));

  g_ptr_array_sort (candidates, compare_candidates);

  return candidates;
}

/**
 * iss_candidate_get_sha256:
 * @self: a candidate
 *
 * Returns: (transfer none): the SHA-256 of the certificate
 */
GBytes *
iss_candidate_get_sha256 (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);

  return self->sha256;
}

/**
 * iss_candidate_get_sha1:
 * @self: a candidate
 *
 * Returns: (transfer none): its thumbprint
 */
GBytes *
iss_candidate_get_sha1 (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);

  return self->sha1;
}

/**
 * iss_candidate_get_issued_to:
 * @self: a candidate
 *
 * Returns: (transfer none): whom it names
 */
const char *
iss_candidate_get_issued_to (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);

  return self->issued_to;
}

/**
 * iss_candidate_get_issued_by:
 * @self: a candidate
 *
 * Returns: (transfer none): who issued it
 */
const char *
iss_candidate_get_issued_by (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);

  return self->issued_by;
}

/**
 * iss_candidate_get_friendly_name:
 * @self: a candidate
 *
 * Returns: (transfer none): the first friendly name that a server has for it, or ""
 */
const char *
iss_candidate_get_friendly_name (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);

  return self->friendly_name;
}

/**
 * iss_candidate_get_not_before:
 * @self: a candidate
 *
 * Returns: when it begins to be valid, in seconds since 1970
 */
gint64
iss_candidate_get_not_before (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), 0);

  return self->not_before;
}

/**
 * iss_candidate_get_not_after:
 * @self: a candidate
 *
 * Returns: when it expires, in seconds since 1970
 */
gint64
iss_candidate_get_not_after (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), 0);

  return self->not_after;
}

/**
 * iss_candidate_get_key_text:
 * @self: a candidate
 *
 * Returns: (transfer none): its key in words: "RSA 2048"
 */
const char *
iss_candidate_get_key_text (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);

  return self->key_text;
}

/**
 * iss_candidate_get_n_on:
 * @self: a candidate
 *
 * Returns: how many of the servers have it
 */
guint
iss_candidate_get_n_on (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), 0);

  return self->n_on;
}

/**
 * iss_candidate_get_holder:
 * @self: a candidate
 *
 * Returns: (transfer none): the first of the servers that have it, by its whole name
 */
const char *
iss_candidate_get_holder (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);

  return self->holder;
}

/**
 * iss_candidate_get_n_servers:
 * @self: a candidate
 *
 * Returns: how many servers answered
 */
guint
iss_candidate_get_n_servers (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), 0);

  return self->n_servers;
}

/**
 * iss_candidate_is_suitable:
 * @self: a candidate
 *
 * Returns: whether every server that answered could use it
 */
gboolean
iss_candidate_is_suitable (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), FALSE);

  return self->is_suitable;
}

/**
 * iss_candidate_has_warnings:
 * @self: a candidate
 *
 * Returns: whether a server has something to be confirmed
 */
gboolean
iss_candidate_has_warnings (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), FALSE);

  return self->has_warnings;
}

/**
 * iss_candidate_get_reason:
 * @self: a candidate
 *
 * Returns: (transfer none) (nullable): why it is not suitable, or the warnings
 */
const char *
iss_candidate_get_reason (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);

  return self->reason;
}

/**
 * iss_candidate_get_used_for:
 * @self: a candidate
 *
 * Returns: (transfer none): the other types that it is current for: "Default", or ""
 */
const char *
iss_candidate_get_used_for (IssCandidate *self)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);

  return self->used_for;
}

/**
 * iss_candidate_get_findings:
 * @self: a candidate
 * @server: a server's whole name
 *
 * Returns: (transfer none) (nullable) (element-type IssFinding): what that
 *   server found; %NULL if it does not have it with its key
 */
GPtrArray *
iss_candidate_get_findings (IssCandidate *self,
                            const char   *server)
{
  g_return_val_if_fail (ISS_IS_CANDIDATE (self), NULL);
  g_return_val_if_fail (server != NULL, NULL);

  return g_hash_table_lookup (self->findings, server);
}
