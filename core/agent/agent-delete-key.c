/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-delete-key.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/assignment/assignments.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/trash.h"

/* Another certificate that would be left without its key. */
typedef struct
{
  IssCertificate *certificate;
  char           *found;         /* (nullable): whom it was issued to */
} Search;

static gboolean
is_same_key (IssRootFolder  *root,
             IssCertificate *certificate,
             const char     *sha256_hex)
{
  g_autoptr(IssCertificate) other = NULL;

  if (strcmp (iss_certificate_get_sha256_hex (certificate), sha256_hex) == 0)
    return TRUE;

  other = iss_certificate_store_get (root, ISS_STORE_MY, sha256_hex, NULL);
  return other != NULL && g_bytes_equal (iss_certificate_get_spki_sha256 (other),
                                         iss_certificate_get_spki_sha256 (certificate));
}

/**
 * iss_agent_delete_key_check_unused:
 * @root: a server's folder
 * @certificate: a certificate there
 * @error: return location for an error, to be prefixed with what cannot be done:
 *   %ISS_ERROR_REFUSED, with where it is in use
 *
 * Looks at every slot of every type, also for other certificates with the same key.
 *
 * Returns: whether no assignment uses the certificate's private key
 */
gboolean
iss_agent_delete_key_check_unused (IssRootFolder   *root,
                                   IssCertificate  *certificate,
                                   GError         **error)
{
  g_autoptr(IssAssignments) assignments = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), FALSE);

  assignments = iss_assignments_load (root, error);
  if (assignments == NULL)
    return FALSE;

  for (guint i = 0; i < iss_assignments_get_n (assignments); i++)
    {
      const IssAssignment *assignment = iss_assignments_get (assignments, i);

      for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
        {
          if (assignment->slot[slot] == NULL ||
              !is_same_key (root, certificate, assignment->slot[slot]))
            continue;

          g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                       _("it is in use for %s (%s). Assign another certificate and remove this "
                         "one there first"),
                       assignment->type->label, iss_slot_get_label ((IssSlot) slot));
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_assignments (IssRootFolder   *root,
                   IssCertificate  *certificate,
                   GError         **error)
{
  if (iss_agent_delete_key_check_unused (root, certificate, error))
    return TRUE;

  g_prefix_error (error, _("The private key cannot be deleted: "));
  return FALSE;
}

static gboolean
find_other_cb (const IssCertificateSummary *summary,
               GBytes                      *der,
               gpointer                     user_data)
{
  Search *search = user_data;
  GBytes *sha256 = iss_certificate_get_sha256 (search->certificate);
  GBytes *spki = iss_certificate_get_spki_sha256 (search->certificate);

  if (memcmp (summary->spki_sha256, g_bytes_get_data (spki, NULL), ISS_SHA256_SIZE) != 0 ||
      memcmp (summary->sha256, g_bytes_get_data (sha256, NULL), ISS_SHA256_SIZE) == 0)
    return TRUE;

  search->found = g_strdup (summary->issued_to);
  return FALSE;
}

static gboolean
check_others (IssRootFolder   *root,
              IssCertificate  *certificate,
              GError         **error)
{
  static const IssStoreName stores[] = { ISS_STORE_MY, ISS_STORE_REQUEST };
  Search search = { certificate, NULL };
  g_autofree char *found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (stores) && search.found == NULL; i++)
    {
      if (!iss_certificate_store_foreach_summary (root, stores[i], find_other_cb, &search, NULL,
                                                  error))
        return FALSE;
    }

  found = search.found;
  if (found == NULL)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               _("The private key cannot be deleted: another certificate, %s, has the same key"),
               found);
  return FALSE;
}

/* What is in the trash comes back with its key. An entry that cannot be read may need it, too;
 * one of the certificate itself brings nothing back that the store does not have. */
static gboolean
check_trash (IssRootFolder   *root,
             IssCertificate  *certificate,
             GError         **error)
{
  gsize size;
  gconstpointer spki = g_bytes_get_data (iss_certificate_get_spki_sha256 (certificate), &size);
  guint n_all = 0;
  g_autoptr(GPtrArray) entries = iss_trash_list (root, G_MAXUINT, &n_all, error);

  if (entries == NULL)
    return FALSE;

  for (guint i = 0; i < entries->len; i++)
    {
      const IssTrashEntry *entry = entries->pdata[i];

      if (memcmp (entry->spki_sha256, spki, sizeof entry->spki_sha256) != 0 ||
          strcmp (entry->sha256_hex, iss_certificate_get_sha256_hex (certificate)) == 0)
        continue;

      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("The private key cannot be deleted: a certificate in the trash, %s, has the "
                     "same key and can still be restored. It goes %d days after it was deleted"),
                   entry->issued_to, ISS_TRASH_SECONDS / (24 * 60 * 60));
      return FALSE;
    }

  if (entries->len == n_all)
    return TRUE;

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                       _("The private key cannot be deleted: something in the trash cannot be "
                         "read, and may need it. Look into the folder trash on the server"));
  return FALSE;
}

/**
 * iss_agent_delete_key_check:
 * @root: a server's folder
 * @certificate: a certificate there
 * @error: return location for an error: %ISS_ERROR_REFUSED, %ISS_ERROR_NOT_FOUND
 *
 * A key stays while any slot of any type uses it, and while another certificate
 * needs it, also one that can still be restored.
 *
 * Returns: whether the certificate's private key may be deleted
 */
gboolean
iss_agent_delete_key_check (IssRootFolder   *root,
                            IssCertificate  *certificate,
                            GError         **error)
{
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), FALSE);

  switch (iss_key_file_get_state (root, iss_certificate_get_spki_sha256 (certificate)))
    {
    case ISS_KEY_STATE_FILE:
      return check_assignments (root, certificate, error) &&
             check_others (root, certificate, error) &&
             check_trash (root, certificate, error);

    case ISS_KEY_STATE_TOKEN:
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("The private key is in a token and cannot be deleted from here"));
      return FALSE;

    case ISS_KEY_STATE_NONE:
      break;
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                       _("The server does not have the private key"));
  return FALSE;
}

/* The key's file has a second name where it was published: as long as that is there the key is
 * not gone, and a service may need it. What has to go is swept first; that something else could
 * not be published is told elsewhere. */
static gboolean
check_published (const IssAgentContext  *context,
                 GBytes                 *spki,
                 GError                **error)
{
  g_autofree char *folder = NULL;

  iss_publication_reconcile (context->root, context->now, NULL);
  folder = iss_publication_dup_key_folder (context->root, spki);
  if (folder == NULL)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               _("The private key cannot be deleted yet: it is still in live/.made/%s, where "
                 "services may be using it. That goes ten minutes after it was replaced, once all "
                 "services of its type have been reloaded: try again then"), folder);
  return FALSE;
}

static gboolean
delete_key (const IssAgentContext  *context,
            IssCertificate         *certificate,
            GError                **error)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (certificate);
  g_autofree char *key = iss_text_hex (g_bytes_get_data (spki, NULL), ISS_SHA256_SIZE, FALSE);
  const char *const details[] =
    {
      "certificate", iss_certificate_get_sha256_hex (certificate),
      "key", key,
      NULL,
    };

  /* What is gone for good is written down first. */
  return check_published (context, spki, error) &&
         iss_audit_append (context->root, context->now, context->who, "delete-key", details,
                           error) &&
         iss_key_file_remove (context->root, spki, error);
}

/**
 * iss_agent_delete_key_run:
 * @context: for whom and when
 * @parameters: (aya{sv}): SHA-256, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Deletes the private key of a certificate of Personal, wherever it has a name. The certificate
 * stays. What a service may still read is %ISS_ERROR_REFUSED.
 *
 * Returns: (transfer floating): (b): whether it was deleted, and not only could be
 */
GVariant *
iss_agent_delete_key_run (const IssAgentContext  *context,
                          GVariant               *parameters,
                          GCancellable           *cancellable,
                          GError                **error)
{
  g_autoptr(GVariant) sha256_variant = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autofree char *hex = NULL;
  gboolean what_if;

  g_variant_get (parameters, "(@ay@a{sv})", &sha256_variant, &options);
  what_if = iss_agent_wire_get_boolean (options, "what-if");
  sha256 = iss_agent_wire_dup_bytes (sha256_variant);
  if (g_bytes_get_size (sha256) != ISS_SHA256_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by the 32 bytes of its SHA-256"));
      return NULL;
    }

  hex = iss_text_hex (g_bytes_get_data (sha256, NULL), ISS_SHA256_SIZE, FALSE);
  certificate = iss_certificate_store_get (context->root, ISS_STORE_MY, hex, error);
  if (certificate == NULL ||
      !iss_agent_delete_key_check (context->root, certificate, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error) ||
      (!what_if && !delete_key (context, certificate, error)))
    return NULL;

  return g_variant_new ("(b)", !what_if);
}

static gpointer
read_reply (GVariant  *reply,
            GVariant  *parameters,
            GError   **error)
{
  return g_variant_ref (reply);
}

/**
 * iss_agent_delete_key_new_call:
 * @sha256: the certificate whose key shall go, 32 bytes
 * @what_if: only say whether it would
 *
 * Returns: (transfer full): a call; its value is a #GVariant that only says that it was done
 */
IssAgentCall *
iss_agent_delete_key_new_call (GBytes   *sha256,
                               gboolean  what_if)
{
  GVariantDict dict;

  g_return_val_if_fail (sha256 != NULL, NULL);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "what-if", "b", what_if);
  return iss_agent_call_new ("DeleteKey",
                             g_variant_new ("(@ay@a{sv})", iss_agent_wire_new_bytes (sha256),
                                            g_variant_dict_end (&dict)),
                             "(b)", read_reply, (GDestroyNotify) g_variant_unref);
}
