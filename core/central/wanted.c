/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/wanted.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/replication/arming.h"

#define TITLE "issuant wanted 1"

/* title, the pool's copy, servers and packages, what arms it, when it was armed,
 * whether it was before, excepted */
#define CONTENT_TYPE "(saya(ss)ayxbas)"

static void
server_free (IssWantedServer *server)
{
  g_free (server->server);
  g_free (server->package_hex);
  g_free (server);
}

/**
 * iss_wanted_new:
 * @copy: the pool's own copy of the package
 * @arming: (nullable): what lets its staged certificate roll
 * @excepted: (nullable) (array zero-terminated=1): servers without which it is armed
 *
 * Returns: (transfer full): what is wanted, of which no server gets a package yet
 */
IssWanted *
iss_wanted_new (IssPackage        *copy,
                GBytes            *arming,
                const char *const *excepted)
{
  IssWanted *self;

  g_return_val_if_fail (ISS_IS_PACKAGE (copy), NULL);

  self = g_new0 (IssWanted, 1);
  self->copy = g_object_ref (copy);
  self->servers = g_ptr_array_new_with_free_func ((GDestroyNotify) server_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->arming = arming != NULL ? g_bytes_ref (arming) : NULL;
  self->excepted = excepted != NULL ? g_strdupv ((char **) excepted) : g_new0 (char *, 1);

  return self;
}

/**
 * iss_wanted_copy:
 * @self: what is wanted
 *
 * Returns: (transfer full): the same once more
 */
IssWanted *
iss_wanted_copy (const IssWanted *self)
{
  IssWanted *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = iss_wanted_new (self->copy, self->arming, (const char *const *) self->excepted);
  copy->armed_at = self->armed_at;
  copy->was_armed = self->was_armed;
  for (guint i = 0; i < self->servers->len; i++)
    {
      const IssWantedServer *server = g_ptr_array_index (self->servers, i);

      iss_wanted_set_server (copy, server->server, server->package_hex);
    }

  return copy;
}

/**
 * iss_wanted_free:
 * @self: (transfer full): what is wanted
 */
void
iss_wanted_free (IssWanted *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->copy);
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->servers);
  g_clear_pointer (&self->arming, g_bytes_unref);
  g_strfreev (self->excepted);
  g_free (self);
}

/**
 * iss_wanted_get_manifest:
 * @self: what is wanted
 *
 * Returns: (transfer none): its manifest
 */
const IssManifest *
iss_wanted_get_manifest (const IssWanted *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return iss_package_get_manifest (self->copy);
}

static IssWantedServer *
add (IssWanted  *self,
     const char *server)
{
  IssWantedServer *entry = g_new0 (IssWantedServer, 1);

  entry->server = g_strdup (server);
  g_ptr_array_add (self->servers, entry);
  g_hash_table_insert (self->by_name, entry->server, entry);

  return entry;
}

/**
 * iss_wanted_set_server:
 * @self: what is wanted
 * @server: the name of a server
 * @package_hex: SHA-256 of its package, 64 lower-case hex digits
 */
void
iss_wanted_set_server (IssWanted  *self,
                       const char *server,
                       const char *package_hex)
{
  IssWantedServer *entry;

  g_return_if_fail (self != NULL);
  g_return_if_fail (server != NULL && package_hex != NULL);

  entry = g_hash_table_lookup (self->by_name, server);
  if (entry == NULL)
    entry = add (self, server);

  g_free (entry->package_hex);
  entry->package_hex = g_strdup (package_hex);
}

/**
 * iss_wanted_remove_server:
 * @self: what is wanted
 * @server: the name of a server, which gets no package any more
 */
void
iss_wanted_remove_server (IssWanted  *self,
                          const char *server)
{
  IssWantedServer *entry;

  g_return_if_fail (self != NULL);
  g_return_if_fail (server != NULL);

  entry = g_hash_table_lookup (self->by_name, server);
  if (entry == NULL)
    return;

  g_hash_table_remove (self->by_name, server);
  g_ptr_array_remove (self->servers, entry);
}

/**
 * iss_wanted_find_server:
 * @self: what is wanted
 * @server: the name of a server
 *
 * Returns: (transfer none) (nullable): its package; %NULL: it gets none
 */
const IssWantedServer *
iss_wanted_find_server (const IssWanted *self,
                        const char      *server)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (server != NULL, NULL);

  return g_hash_table_lookup (self->by_name, server);
}

/**
 * iss_wanted_has_rolled:
 * @self: what is wanted
 * @now: seconds since 1970
 *
 * Returns: whether what was staged is current by @now, by what is known here
 */
gboolean
iss_wanted_has_rolled (const IssWanted *self,
                       gint64           now)
{
  const IssManifest *manifest = iss_wanted_get_manifest (self);

  return manifest->slot[ISS_SLOT_STAGED] != NULL && manifest->staged_at <= now &&
         (!manifest->held || self->armed_at != 0);
}

static GVariant *
new_bytes (GBytes *bytes)
{
  g_autoptr(GBytes) none = g_bytes_new (NULL, 0);

  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes != NULL ? bytes : none, TRUE);
}

/**
 * iss_wanted_encode:
 * @self: what is wanted
 *
 * Returns: (transfer full): it as bytes
 */
GBytes *
iss_wanted_encode (const IssWanted *self)
{
  GVariantBuilder servers;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) content = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_builder_init (&servers, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < self->servers->len; i++)
    {
      const IssWantedServer *server = g_ptr_array_index (self->servers, i);

      g_variant_builder_add (&servers, "(ss)", server->server, server->package_hex);
    }

  native = g_variant_ref_sink (
    g_variant_new ("(s@aya(ss)@ayxb^as)", TITLE, new_bytes (iss_package_get_bytes (self->copy)),
                   &servers, new_bytes (self->arming), self->armed_at, self->was_armed,
                   self->excepted));
  content = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (native)
                                            : g_variant_byteswap (native);

  return g_variant_get_data_as_bytes (content);
}

static IssWanted *
refuse (GError **error)
{
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("What the central store says is wanted is damaged: restore it from a "
                         "backup, or decide anew"));

  return NULL;
}

static gboolean
is_hex (const char *text)
{
  return strlen (text) == 2 * ISS_SHA256_SIZE &&
         strspn (text, "0123456789abcdef") == 2 * ISS_SHA256_SIZE;
}

static gboolean
read_servers (IssWanted *self,
              GVariant  *servers)
{
  const gsize n = g_variant_n_children (servers);

  if (n > ISS_WANTED_MAX_SERVERS)
    return FALSE;

  for (gsize i = 0; i < n; i++)
    {
      const char *name, *hex;

      g_variant_get_child (servers, i, "(&s&s)", &name, &hex);
      if (!iss_text_is_host_name (name) || !is_hex (hex))
        return FALSE;

      iss_wanted_set_server (self, name, hex);
    }

  return TRUE;
}

/**
 * iss_wanted_decode:
 * @bytes: from the central store, which is not trusted
 * @administrators: (element-type IssCertificate): of the pool
 * @error: return location for an error: %ISS_ERROR_REFUSED when no administrator has signed it
 *
 * Returns: (transfer full): what is wanted: what it says of certificates was verified, of who
 *   gets which package only that it can be
 */
IssWanted *
iss_wanted_decode (GBytes     *bytes,
                   GPtrArray  *administrators,
                   GError    **error)
{
  g_autoptr(GVariant) written = NULL;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) copy_variant = NULL;
  g_autoptr(GVariant) servers = NULL;
  g_autoptr(GVariant) arming_variant = NULL;
  g_autoptr(GBytes) copy_bytes = NULL;
  g_autoptr(GBytes) arming = NULL;
  g_autoptr(IssPackage) copy = NULL;
  g_autoptr(IssWanted) self = NULL;
  g_auto(GStrv) excepted = NULL;
  const char *title;
  gint64 armed_at;
  gboolean was_armed;

  g_return_val_if_fail (bytes != NULL && administrators != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  written = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (CONTENT_TYPE), bytes,
                                                          FALSE));
  if (!g_variant_is_normal_form (written))
    return refuse (error);

  native = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (written)
                                           : g_variant_byteswap (written);
  g_variant_get (native, "(&s@ay@a(ss)@ayxb^as)", &title, &copy_variant, &servers,
                 &arming_variant, &armed_at, &was_armed, &excepted);
  if (!g_str_equal (title, TITLE) || g_strv_length (excepted) > ISS_WANTED_MAX_SERVERS)
    return refuse (error);

  copy_bytes = g_variant_get_data_as_bytes (copy_variant);
  copy = iss_package_verify (copy_bytes, administrators, error);
  if (copy == NULL)
    return NULL;

  arming = g_variant_get_data_as_bytes (arming_variant);
  if (g_bytes_get_size (arming) > 0 &&
      !iss_arming_verify (arming, iss_package_get_manifest (copy), administrators, error))
    return NULL;

  self = iss_wanted_new (copy, g_bytes_get_size (arming) > 0 ? arming : NULL,
                         (const char *const *) excepted);
  self->armed_at = armed_at;
  self->was_armed = was_armed;
  if (*iss_package_get_manifest (copy)->server != '\0' || !read_servers (self, servers))
    return refuse (error);

  return g_steal_pointer (&self);
}
