/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/deployment.h"

#include <glib/gi18n-lib.h>

#include "core/assignment/adoption.h"
#include "core/base/error.h"
#include "core/formats/bundle.h"
#include "core/replication/arming.h"
#include "core/store/audit.h"
#include "core/store/import.h"
#include "core/store/trash.h"

/* The private keys of a package, by slot. */
typedef struct
{
  IssPrivateKey *slot[ISS_N_SLOTS];
} Keys;

static void
keys_clear (Keys *keys)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_clear_object (&keys->slot[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keys, keys_clear)

static gboolean
open_keys (IssReplica  *replica,
           IssPackage  *package,
           Keys        *keys,
           GError     **error)
{
  const IssManifest *manifest = iss_package_get_manifest (package);
  g_autoptr(IssPrivateKey) own = iss_replica_load_key (replica, error);

  if (own == NULL)
    return FALSE;

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      if (!iss_manifest_needs_key (manifest, (IssSlot) i))
        continue;

      keys->slot[i] = iss_package_open_key (package, (IssSlot) i,
                                            iss_replica_get_certificate (replica), own, error);
      if (keys->slot[i] == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_known (IssReplica               *replica,
          const IssCertificateType *type,
          GBytes                   *bytes)
{
  const IssAccepted *accepted = iss_replica_find_accepted (replica, type);
  g_autofree char *hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  return accepted != NULL && g_str_equal (accepted->sha256_hex, hex);
}

/* Everything that can be wrong with it, in this order; the keys last. */
static IssPackage *
judge (IssRootFolder             *root,
       IssReplica                *replica,
       GBytes                    *bytes,
       const IssCertificateType  *type,
       GError                   **error)
{
  const IssAdministrators *administrators = iss_replica_get_administrators (replica);
  const IssAccepted *accepted = iss_replica_find_accepted (replica, type);
  g_autoptr(IssPackage) package = NULL;
  g_auto(Keys) keys = { { NULL } };

  if (iss_replica_get_certificate (replica) == NULL || administrators == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("This server is not enrolled for replication: it has no key that "
                             "opens packages, or knows no administrator. Enrol it"));
      return NULL;
    }

  package = iss_package_verify (bytes, administrators->certificates, error);
  if (package == NULL ||
      !iss_package_check (package, administrators->pool, iss_root_folder_get_server_id (root),
                          type, accepted != NULL ? accepted->revision : 0, error) ||
      !open_keys (replica, package, &keys, error))
    return NULL;

  return g_steal_pointer (&package);
}

static gboolean
record_acceptance (IssRootFolder  *root,
                   IssPackage     *package,
                   const char     *who,
                   gint64          now,
                   GError        **error)
{
  const IssManifest *manifest = iss_package_get_manifest (package);
  IssCertificate *signer = iss_package_get_signer (package);
  g_autofree char *revision = g_strdup_printf ("%" G_GUINT64_FORMAT, manifest->revision);
  const char *const details[] =
    {
      "type", manifest->type->name,
      "revision", revision,
      "signer", iss_certificate_get_sha256_hex (signer),
      "signed-by", iss_certificate_get_issued_to (signer),
      NULL
    };

  return iss_audit_append (root, now, who, "accept-package", details, error);
}

/**
 * iss_deployment_refuse:
 * @root: a server's folder, whose writers' lock the caller holds
 * @type: the type that a package is said to be for
 * @who: whose name the audit record shows
 * @now: seconds since 1970
 * @reason: why it is refused
 *
 * Writes down that a package was refused; nothing else becomes of it.
 */
void
iss_deployment_refuse (IssRootFolder            *root,
                       const IssCertificateType *type,
                       const char               *who,
                       gint64                    now,
                       const GError             *reason)
{
  const char *const details[] = { "type", type->name, "reason", reason->message, NULL };

  g_return_if_fail (ISS_IS_ROOT_FOLDER (root));
  g_return_if_fail (type != NULL && who != NULL && reason != NULL);

  /* What is refused stays refused, recorded or not. */
  iss_audit_append (root, now, who, "refuse-package", details, NULL);
}

/**
 * iss_deployment_accept:
 * @root: a server's folder, whose writers' lock the caller holds
 * @bytes: a package, from outside
 * @type: the type that it is said to be for
 * @who: whose name the audit record shows
 * @now: seconds since 1970
 * @out_delivery: (out): whether it is new
 * @error: return location for an error: why it is refused, in the words of iss_package_verify(),
 *   iss_package_check() and iss_package_open_key()
 *
 * Verifies a package before anything of it is decrypted, opens its keys, and keeps it. A refusal
 * is written into the audit record and changes nothing else.
 *
 * Returns: whether the server has it
 */
gboolean
iss_deployment_accept (IssRootFolder             *root,
                       GBytes                    *bytes,
                       const IssCertificateType  *type,
                       const char                *who,
                       gint64                     now,
                       IssDelivery               *out_delivery,
                       GError                   **error)
{
  g_autoptr(IssReplica) replica = NULL;
  g_autoptr(IssPackage) package = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (bytes != NULL && type != NULL && who != NULL, FALSE);
  g_return_val_if_fail (out_delivery != NULL, FALSE);

  replica = iss_replica_load (root, error);
  if (replica == NULL)
    return FALSE;

  if (is_known (replica, type, bytes))
    {
      *out_delivery = ISS_DELIVERY_KNOWN;
      return TRUE;
    }

  package = judge (root, replica, bytes, type, &local_error);
  if (package == NULL)
    {
      iss_deployment_refuse (root, type, who, now, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (!iss_replica_accept (replica, package, now, error))
    return FALSE;

  if (!record_acceptance (root, package, who, now, error))
    {
      g_prefix_error (error, _("The package was accepted, but the audit log was not written: "));
      return FALSE;
    }

  *out_delivery = ISS_DELIVERY_ACCEPTED;

  return TRUE;
}

/* Each certificate once, with its issuers and, of those that sign, its key. */
static IssBundle *
new_bundle (const IssManifest *manifest,
            const Keys        *keys)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  IssBundle *bundle = iss_bundle_new (ISS_FORMAT_DER, ISS_INTEGRITY_NONE);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      if (keys->slot[i] != NULL)
        iss_bundle_add_key (bundle, keys->slot[i]);

      if (manifest->slot[i] != NULL &&
          g_hash_table_add (seen,
                            (gpointer) iss_certificate_get_sha256_hex (manifest->slot[i])))
        iss_bundle_add_certificate (bundle, manifest->slot[i], NULL);

      for (guint j = 0; manifest->slot[i] != NULL && j < manifest->chain[i]->len; j++)
        {
          IssCertificate *issuer = g_ptr_array_index (manifest->chain[i], j);

          if (g_hash_table_add (seen, (gpointer) iss_certificate_get_sha256_hex (issuer)))
            iss_bundle_add_certificate (bundle, issuer, NULL);
        }
    }

  return bundle;
}

/* They were decided for the pool, whatever was said of them before. */
static gboolean
write_origin (IssRootFolder      *root,
              const IssManifest  *manifest,
              const char         *origin,
              GError            **error)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      g_auto(IssProperties) properties = { NULL };
      const char *hex;

      if (manifest->slot[i] == NULL)
        continue;

      hex = iss_certificate_get_sha256_hex (manifest->slot[i]);
      if (!iss_properties_load (&properties, root, hex, error))
        return FALSE;

      if (g_strcmp0 (properties.origin, origin) == 0)
        continue;

      g_free (properties.origin);
      properties.origin = g_strdup (origin);
      if (!iss_properties_save (&properties, root, hex, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
install (IssRootFolder      *root,
         const IssManifest  *manifest,
         const Keys         *keys,
         GError            **error)
{
  g_autofree char *origin = g_strdup_printf ("global rev %" G_GUINT64_FORMAT, manifest->revision);
  const IssImportOptions options =
    {
      .automatic_store = TRUE, .exportable = FALSE, .intent = ISS_INTENT_POOL, .origin = origin,
    };
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GPtrArray) items = NULL;

  if (iss_manifest_is_empty (manifest))
    return TRUE;

  /* A deletion that was cut off would be finished after this and delete what comes now. */
  if (!iss_trash_mend (root, error))
    return FALSE;

  bundle = new_bundle (manifest, keys);
  items = iss_import_commit (root, bundle, &options, error);

  return items != NULL && write_origin (root, manifest, origin, error);
}

static const char *
get_hex (const IssManifest *manifest,
         IssSlot            slot)
{
  return manifest->slot[slot] != NULL ? iss_certificate_get_sha256_hex (manifest->slot[slot])
                                      : NULL;
}

/* A server that comes late, or again, must not go back behind a roll that has happened; behind one
 * that was held by a later decision it must. */
static gboolean
has_rolled (const IssManifest *manifest,
            gboolean           armed,
            gint64             now)
{
  return manifest->slot[ISS_SLOT_STAGED] != NULL && manifest->staged_at <= now &&
         (!manifest->held || armed);
}

static IssAssignment *
new_wanted (const IssManifest   *manifest,
            const IssAssignment *before,
            gboolean             armed,
            gint64               now)
{
  IssAssignment *wanted = iss_assignment_new (manifest->type);
  const gboolean rolled = has_rolled (manifest, armed, now);

  g_free (wanted->scope);
  wanted->scope = g_strdup ("global");
  wanted->slot[ISS_SLOT_CURRENT] =
    g_strdup (get_hex (manifest, rolled ? ISS_SLOT_STAGED : ISS_SLOT_CURRENT));
  wanted->slot[ISS_SLOT_PREVIOUS] =
    g_strdup (get_hex (manifest, rolled ? ISS_SLOT_CURRENT : ISS_SLOT_PREVIOUS));
  wanted->current_since = rolled ? manifest->staged_at : manifest->current_since;

  if (before != NULL && g_strcmp0 (before->slot[ISS_SLOT_CURRENT],
                                   wanted->slot[ISS_SLOT_CURRENT]) == 0)
    wanted->current_since = before->current_since;
  else if (wanted->current_since == 0 || wanted->current_since > now)
    wanted->current_since = now;

  if (rolled || manifest->slot[ISS_SLOT_STAGED] == NULL)
    return wanted;

  wanted->slot[ISS_SLOT_STAGED] = g_strdup (get_hex (manifest, ISS_SLOT_STAGED));
  wanted->staged_at = manifest->staged_at;
  wanted->staged_typed = g_strdup (manifest->staged_typed);
  wanted->staged_zone = g_strdup (manifest->staged_zone);
  wanted->held = manifest->held && !armed;

  return wanted;
}

static gboolean
adopt (IssRootFolder      *root,
       const IssManifest  *manifest,
       gboolean            armed,
       const char         *who,
       gint64              now,
       GError            **error)
{
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, error);
  g_autoptr(IssChangeOutcome) outcome = NULL;
  IssAssignment *wanted;

  if (assignments == NULL)
    return FALSE;

  wanted = new_wanted (manifest, iss_assignments_find (assignments, manifest->type), armed, now);
  outcome = iss_adoption_run (root, wanted, manifest->revision, who, now, error);
  iss_assignment_free (wanted);
  if (outcome == NULL)
    return FALSE;

  if (outcome->publish_error == NULL)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED,
               _("The package is assigned, but not published: %s"), outcome->publish_error);

  return FALSE;
}

/**
 * iss_deployment_run:
 * @root: a server's folder, whose writers' lock the caller holds
 * @type: a type of which a package was accepted
 * @who: whose name the audit record shows
 * @now: seconds since 1970
 * @error: return location for an error: what is done is whole and stays; it is tried again
 *
 * Puts the keys of the accepted package, its certificates, their properties, the assignment and
 * what is published where they belong, in this order. What is there already stays as it is.
 *
 * Returns: whether the type uses what the package says
 */
gboolean
iss_deployment_run (IssRootFolder             *root,
                    const IssCertificateType  *type,
                    const char                *who,
                    gint64                     now,
                    GError                   **error)
{
  g_autoptr(IssReplica) replica = NULL;
  g_autoptr(IssPackage) package = NULL;
  const IssManifest *manifest;
  g_auto(Keys) keys = { { NULL } };

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (type != NULL && who != NULL, FALSE);

  replica = iss_replica_load (root, error);
  package = replica != NULL ? iss_replica_load_package (replica, type, error) : NULL;
  if (package == NULL || !open_keys (replica, package, &keys, error))
    return FALSE;

  manifest = iss_package_get_manifest (package);

  return install (root, manifest, &keys, error) &&
         adopt (root, manifest, iss_replica_find_accepted (replica, type)->armed, who, now,
                error) &&
         iss_replica_note_deployed (replica, type, error);
}

/* What was staged here by the package, and nothing else; a roll that is over is armed well. */
static gboolean
check_staged (IssRootFolder      *root,
              const IssManifest  *manifest,
              gboolean           *out_held,
              GError            **error)
{
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, error);
  const char *staged = get_hex (manifest, ISS_SLOT_STAGED);
  const IssAssignment *assignment;

  if (assignments == NULL)
    return FALSE;

  assignment = iss_assignments_find (assignments, manifest->type);
  if (assignment != NULL && g_strcmp0 (assignment->slot[ISS_SLOT_STAGED], staged) == 0 &&
      g_str_equal (assignment->scope, "global"))
    {
      *out_held = assignment->held;
      return TRUE;
    }

  if (assignment != NULL && g_strcmp0 (assignment->slot[ISS_SLOT_CURRENT], staged) == 0)
    {
      *out_held = FALSE;
      return TRUE;
    }

  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               _("What the package staged for %s is not staged on this server: it was changed "
                 "here, or the package is not deployed yet"), manifest->type->name);

  return FALSE;
}

/**
 * iss_deployment_arm:
 * @root: a server's folder, whose writers' lock the caller holds
 * @statement: what iss_arming_sign() made, from outside
 * @type: the type that it is said to be for
 * @who: whose name the audit record shows
 * @now: seconds since 1970
 * @error: return location for an error: %ISS_ERROR_REFUSED when it arms something else than this
 *   server has accepted and staged
 *
 * Lets what the accepted package has staged roll at its instant, or at once if that is past.
 *
 * Returns: whether it is armed, or was already
 */
gboolean
iss_deployment_arm (IssRootFolder             *root,
                    GBytes                    *statement,
                    const IssCertificateType  *type,
                    const char                *who,
                    gint64                     now,
                    GError                   **error)
{
  const IssChangeItem item = { type, NULL };
  const IssChangeOrder order =
    {
      .transition = { .kind = ISS_TRANSITION_ARM, .now = now }, .items = &item, .n_items = 1,
      .who = who, .server_name = "",
    };
  g_autoptr(IssReplica) replica = NULL;
  g_autoptr(IssPackage) package = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;
  const IssManifest *manifest;
  gboolean held;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (statement != NULL && type != NULL && who != NULL, FALSE);

  replica = iss_replica_load (root, error);
  package = replica != NULL ? iss_replica_load_package (replica, type, error) : NULL;
  if (package == NULL)
    return FALSE;

  manifest = iss_package_get_manifest (package);
  if (!iss_arming_verify (statement, manifest,
                          iss_replica_get_administrators (replica)->certificates, error) ||
      !check_staged (root, manifest, &held, error) ||
      !iss_replica_note_armed (replica, type, error))
    return FALSE;

  if (held)
    outcome = iss_change_run (root, &order, error);

  return !held || outcome != NULL;
}
