/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/central-engine.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"

G_DEFINE_INTERFACE (IssCentralEngine, iss_central_engine, G_TYPE_OBJECT)

static void
iss_central_engine_default_init (IssCentralEngineInterface *iface)
{
  g_signal_new ("changed", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

/**
 * iss_central_entry_free:
 * @self: (transfer full): an entry
 */
void
iss_central_entry_free (IssCentralEntry *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->key);
  g_free (self);
}

static gboolean
check_key (const char  *key,
           GError     **error)
{
  if (*key != '\0' && strlen (key) <= ISS_CENTRAL_ENGINE_MAX_KEY &&
      g_str_is_ascii (key) && strpbrk (key, "\n\r\t") == NULL)
    return TRUE;

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("A name is too long for the central store, or has other letters than "
                         "a host name has"));

  return FALSE;
}

/**
 * iss_central_engine_get:
 * @self: an engine
 * @key: a key
 * @out_revision: (out) (optional): when it got this value
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND, or why it cannot be read
 *
 * Returns: (transfer full): its value
 */
GBytes *
iss_central_engine_get (IssCentralEngine  *self,
                        const char        *key,
                        guint64           *out_revision,
                        GError           **error)
{
  guint64 revision = 0;
  GBytes *value;

  g_return_val_if_fail (ISS_IS_CENTRAL_ENGINE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  if (!check_key (key, error))
    return NULL;

  value = ISS_CENTRAL_ENGINE_GET_IFACE (self)->get (self, key, &revision, error);
  if (value != NULL && out_revision != NULL)
    *out_revision = revision;

  return value;
}

/**
 * iss_central_engine_put_if:
 * @self: an engine
 * @key: a key
 * @value: (nullable): what it shall be; %NULL: it shall not be there
 * @expected: the revision that the caller has seen of it; 0: it was not there
 * @out_revision: (out) (optional): its new revision
 * @error: return location for an error: %ISS_ERROR_CHANGED when somebody else was faster
 *
 * Compares and swaps: of two that have seen the same, one wins.
 *
 * Returns: whether it is so, and will be after a power loss
 */
gboolean
iss_central_engine_put_if (IssCentralEngine  *self,
                           const char        *key,
                           GBytes            *value,
                           guint64            expected,
                           guint64           *out_revision,
                           GError           **error)
{
  guint64 revision = 0;

  g_return_val_if_fail (ISS_IS_CENTRAL_ENGINE (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  if (!check_key (key, error))
    return FALSE;

  if (value != NULL && g_bytes_get_size (value) > ISS_CENTRAL_ENGINE_MAX_VALUE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("More than %d MiB do not go into the central store at once"),
                   ISS_CENTRAL_ENGINE_MAX_VALUE / (1024 * 1024));
      return FALSE;
    }

  if (!ISS_CENTRAL_ENGINE_GET_IFACE (self)->put_if (self, key, value, expected, &revision, error))
    return FALSE;

  if (out_revision != NULL)
    *out_revision = revision;

  return TRUE;
}

static int
compare_revisions (gconstpointer a,
                   gconstpointer b)
{
  const IssCentralEntry *one = *(IssCentralEntry *const *) a;
  const IssCentralEntry *other = *(IssCentralEntry *const *) b;

  return one->revision < other->revision ? -1 : one->revision > other->revision;
}

/**
 * iss_central_engine_list_since:
 * @self: an engine
 * @prefix: how the keys begin
 * @since: a revision; 0: from the beginning
 * @error: return location for an error
 *
 * Keys that were removed are not in it.
 *
 * Returns: (transfer full) (element-type IssCentralEntry): what got its value after @since, the
 *   oldest first
 */
GPtrArray *
iss_central_engine_list_since (IssCentralEngine  *self,
                               const char        *prefix,
                               guint64            since,
                               GError           **error)
{
  GPtrArray *entries;

  g_return_val_if_fail (ISS_IS_CENTRAL_ENGINE (self), NULL);
  g_return_val_if_fail (prefix != NULL, NULL);

  entries = ISS_CENTRAL_ENGINE_GET_IFACE (self)->list_since (self, prefix, since, error);
  if (entries != NULL)
    g_ptr_array_sort (entries, compare_revisions);

  return entries;
}
