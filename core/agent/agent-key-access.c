/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-key-access.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/replication/ladder.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/key-readers.h"

#define MAX_PATH 4096
#define MAX_SENTENCE 1024
#define MAX_READERS 512

#define ACCESS_TYPE "(sbba(sbbbs))"

static IssCertificate *
find_certificate (IssRootFolder  *root,
                  GVariant       *sha256,
                  GError        **error)
{
  g_autofree char *hex = NULL;

  if (g_variant_n_children (sha256) != ISS_SHA256_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by its SHA-256, 32 bytes"));
      return NULL;
    }

  hex = iss_text_hex (g_variant_get_data (sha256), ISS_SHA256_SIZE, FALSE);
  return iss_certificate_store_get (root, ISS_STORE_MY, hex, error);
}

static GVariant *
new_access (const IssKeyAccess *access)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sbbbs)"));
  for (guint i = 0; i < access->readers->len && i < MAX_READERS; i++)
    {
      const IssKeyReader *reader = access->readers->pdata[i];

      g_variant_builder_add (&builder, "(sbbbs)", reader->name, reader->is_group,
                             reader->is_owner, reader->may_read,
                             reader->why_not != NULL ? reader->why_not : "");
    }

  return g_variant_new (ACCESS_TYPE, access->path, access->published, access->has_acls, &builder);
}

/**
 * iss_agent_key_access_run_get:
 * @context: for whom and when
 * @parameters: (ay sha256, a{sv} options)
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when the certificate is not in
 *   Personal or its key in no file there
 *
 * Returns: (transfer floating): (s path, b published, b acls, a(s name, b group, b owner,
 *   b may-read, s why-not))
 */
GVariant *
iss_agent_key_access_run_get (const IssAgentContext  *context,
                              GVariant               *parameters,
                              GCancellable           *cancellable,
                              GError                **error)
{
  g_autoptr(GVariant) sha256 = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssKeyAccess) access = NULL;

  g_variant_get (parameters, "(@ay@a{sv})", &sha256, &options);
  certificate = find_certificate (context->root, sha256, error);
  access = certificate != NULL ? iss_ladder_read_access (context->root, certificate, error) : NULL;

  return access != NULL ? new_access (access) : NULL;
}

static gboolean
append_audit (const IssAgentContext  *context,
              IssCertificate         *certificate,
              const char *const      *allow,
              const char *const      *deny,
              char                  **old_readers,
              const IssKeyAccess     *access,
              GError                **error)
{
  g_auto(GStrv) readers = iss_key_access_dup_readers (access);
  g_autofree char *before = g_strjoinv (" ", old_readers);
  g_autofree char *after = g_strjoinv (" ", readers);
  g_autofree char *allowed = g_strjoinv (" ", (char **) allow);
  g_autofree char *denied = g_strjoinv (" ", (char **) deny);
  const char *const details[] =
    {
      "certificate", iss_certificate_get_sha256_hex (certificate),
      "name", iss_certificate_get_issued_to (certificate),
      "allow", allowed,
      "deny", denied,
      "readers-old", before,
      "readers", after,
      NULL,
    };

  return iss_audit_append (context->root, context->now, context->who, "set-key-access", details,
                           error);
}

/**
 * iss_agent_key_access_run_set:
 * @context: for whom and when
 * @parameters: (ay sha256, as allow, as deny, a{sv} options): what-if b
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error, as of iss_key_readers_change()
 *
 * Lets accounts read the private key, or not any more, all or none.
 *
 * Returns: (transfer floating): as iss_agent_key_access_run_get(), and how it is now
 */
GVariant *
iss_agent_key_access_run_set (const IssAgentContext  *context,
                              GVariant               *parameters,
                              GCancellable           *cancellable,
                              GError                **error)
{
  g_autoptr(GVariant) sha256 = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autofree const char **allow = NULL;
  g_autofree const char **deny = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssKeyAccess) before = NULL;
  g_autoptr(IssKeyAccess) after = NULL;
  g_auto(GStrv) old_readers = NULL;
  gboolean changed = FALSE;
  gboolean what_if;

  g_variant_get (parameters, "(@ay^a&s^a&s@a{sv})", &sha256, &allow, &deny, &options);
  what_if = iss_agent_wire_get_boolean (options, "what-if");

  certificate = find_certificate (context->root, sha256, error);
  before = certificate != NULL ? iss_ladder_read_access (context->root, certificate, error) : NULL;
  if (before == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  old_readers = iss_key_access_dup_readers (before);
  if (!iss_key_readers_change (context->root, iss_certificate_get_spki_sha256 (certificate), allow,
                              deny, what_if, &changed, error))
    return NULL;

  after = iss_ladder_read_access (context->root, certificate, error);
  if (after == NULL)
    return NULL;

  if (changed && !what_if &&
      !append_audit (context, certificate, allow, deny, old_readers, after, error))
    {
      g_prefix_error (error, _("The key's permissions were changed, but the audit log was not "
                               "written: "));
      return NULL;
    }

  return new_access (after);
}

static void
free_reader (gpointer data)
{
  IssKeyReader *reader = data;

  g_free (reader->name);
  g_free (reader->why_not);
  g_free (reader);
}

static gpointer
read_access (GVariant  *reply,
             GVariant  *parameters,
             GError   **error)
{
  g_autoptr(GVariant) list = NULL;
  g_autoptr(IssKeyAccess) access = g_new0 (IssKeyAccess, 1);
  const char *path;

  access->readers = g_ptr_array_new_with_free_func (free_reader);
  g_variant_get (reply, "(&sbb@a(sbbbs))", &path, &access->published, &access->has_acls, &list);
  access->path = iss_text_sanitise (path, -1, MAX_PATH);

  if (g_variant_n_children (list) > MAX_READERS)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The server names too many accounts that may read the key"));
      return NULL;
    }

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      IssKeyReader *reader = g_new0 (IssKeyReader, 1);
      const char *name;
      const char *why_not;

      g_variant_get_child (list, i, "(&sbbb&s)", &name, &reader->is_group, &reader->is_owner,
                           &reader->may_read, &why_not);
      reader->name = iss_text_sanitise (name, -1, ISS_KEY_ACCESS_MAX_NAME);
      if (!reader->may_read)
        reader->why_not = iss_text_sanitise (why_not, -1, MAX_SENTENCE);
      g_ptr_array_add (access->readers, reader);
    }

  return g_steal_pointer (&access);
}

/**
 * iss_agent_key_access_call_get:
 * @sha256: a certificate of Personal
 *
 * Returns: (transfer full): a call that asks who may read its key
 */
IssAgentCall *
iss_agent_key_access_call_get (GBytes *sha256)
{
  g_return_val_if_fail (sha256 != NULL, NULL);

  return iss_agent_call_new ("GetKeyAccess",
                             g_variant_new ("(@aya{sv})", iss_agent_wire_new_bytes (sha256), NULL),
                             ACCESS_TYPE, read_access, (GDestroyNotify) iss_key_access_free);
}

/**
 * iss_agent_key_access_call_set:
 * @sha256: a certificate of Personal
 * @allow: (nullable) (array zero-terminated=1): accounts
 * @deny: (nullable) (array zero-terminated=1): accounts
 * @what_if: only ask whether it could be
 *
 * Returns: (transfer full): a call that changes who may read its key
 */
IssAgentCall *
iss_agent_key_access_call_set (GBytes            *sha256,
                               const char *const *allow,
                               const char *const *deny,
                               gboolean           what_if)
{
  const char *const none[] = { NULL };
  GVariantDict options;

  g_return_val_if_fail (sha256 != NULL, NULL);

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "what-if", "b", what_if);

  return iss_agent_call_new ("SetKeyAccess",
                             g_variant_new ("(@ay^as^as@a{sv})",
                                            iss_agent_wire_new_bytes (sha256),
                                            allow != NULL ? allow : none,
                                            deny != NULL ? deny : none,
                                            g_variant_dict_end (&options)),
                             ACCESS_TYPE, read_access, (GDestroyNotify) iss_key_access_free);
}
