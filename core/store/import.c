/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/import.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"

#define MAX_CERTIFICATES 10000

/* One certificate of the file, judged. */
typedef struct
{
  IssCertificate  *certificate;     /* borrowed from the bundle */
  IssPrivateKey   *key;             /* borrowed from the bundle, or NULL */
  const char      *friendly_name;   /* borrowed, or NULL */
  IssStoreName     store;
  gboolean         was_there;
  gboolean         key_was_there;
  IssProperties    old_properties;
  gboolean         has_key;

  /* What the commit has done so far */
  gboolean         key_tried;
  gboolean         key_added;
  gboolean         tried;
  gboolean         added;
  gboolean         properties_written;
} Plan;

static void
plan_free (Plan *plan)
{
  iss_properties_clear (&plan->old_properties);
  g_free (plan);
}

/**
 * iss_import_item_free:
 * @self: (transfer full): an item
 */
void
iss_import_item_free (IssImportItem *self)
{
  g_free (self->issued_to);
  g_free (self);
}

/* A certificate that came with its key, or that is no CA's, is somebody's own.
 * The rest is a chain: its end is where trust begins. */
static IssStoreName
choose_store (IssCertificate  *certificate,
              IssPrivateKey   *key)
{
  if (key != NULL || !iss_certificate_is_ca (certificate))
    return ISS_STORE_MY;

  if (iss_certificate_is_self_issued (certificate))
    return ISS_STORE_ROOT;

  return ISS_STORE_CA;
}

static gboolean
check_options (IssBundle               *bundle,
               const IssImportOptions  *options,
               GError                 **error)
{
  guint n_certificates = iss_bundle_get_n_certificates (bundle);

  if (n_certificates == 0 && iss_bundle_get_n_keys (bundle) > 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The file holds a private key but no certificate: "
                             "import a file that holds both"));
      return FALSE;
    }

  if (n_certificates == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The file holds no certificate"));
      return FALSE;
    }

  if (n_certificates > MAX_CERTIFICATES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The file holds more than %d certificates"), MAX_CERTIFICATES);
      return FALSE;
    }

  if (!options->automatic_store && (guint) options->store >= ISS_N_STORES)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("There is no such store"));
      return FALSE;
    }

  if (!options->automatic_store && iss_store_name_is_read_only (options->store))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("Nothing can be imported into “%s”: the store is the system's"),
                   iss_store_name_get_label (options->store));
      return FALSE;
    }

  if ((guint) options->intent > ISS_INTENT_SERVER)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is meant for the pool or for this server only"));
      return FALSE;
    }

  return TRUE;
}

/* The key is found by the public key; one in a file must work, too. */
static gboolean
server_holds_key (IssRootFolder   *root,
                  IssCertificate  *certificate)
{
  GBytes *spki_sha256 = iss_certificate_get_spki_sha256 (certificate);
  g_autoptr(IssPrivateKey) key = NULL;

  switch (iss_key_file_get_state (root, spki_sha256))
    {
    case ISS_KEY_STATE_FILE:
      key = iss_key_file_load (root, spki_sha256, NULL);
      return key != NULL;

    case ISS_KEY_STATE_TOKEN:
      return TRUE;

    case ISS_KEY_STATE_NONE:
      break;
    }

  return FALSE;
}

static Plan *
plan_certificate (IssRootFolder           *root,
                  IssBundle               *bundle,
                  guint                    index,
                  gboolean                 of_interest,
                  const IssImportOptions  *options,
                  GError                 **error)
{
  IssCertificate *certificate = iss_bundle_get_certificate (bundle, index);
  const char *hex = iss_certificate_get_sha256_hex (certificate);
  g_autoptr(GBytes) existing = NULL;
  g_autoptr(GError) local_error = NULL;
  Plan *plan = g_new0 (Plan, 1);
  gboolean readable;

  plan->certificate = certificate;
  plan->key = iss_bundle_get_key_for (bundle, index);
  plan->friendly_name = options->friendly_name != NULL && options->friendly_name[0] != '\0'
                      ? options->friendly_name : iss_bundle_get_friendly_name (bundle, index);
  plan->store = !options->automatic_store && of_interest
              ? options->store : choose_store (certificate, plan->key);

  /* A damaged file in its place will be replaced; anything else is an error now. */
  existing = iss_certificate_store_load (root, plan->store, hex, &local_error);
  readable = existing != NULL ||
             g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND) ||
             g_error_matches (local_error, ISS_ERROR, ISS_ERROR_MALFORMED);
  if (!readable)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      plan_free (plan);
      return NULL;
    }

  plan->was_there = existing != NULL;
  plan->key_was_there = iss_key_file_get_state (root, iss_certificate_get_spki_sha256 (certificate))
                        != ISS_KEY_STATE_NONE;
  plan->has_key = plan->key != NULL || server_holds_key (root, certificate);

  /* Damaged ones count as none, and are replaced. */
  iss_properties_load (&plan->old_properties, root, hex, NULL);

  return plan;
}

static gboolean
is_of_interest (IssBundle  *bundle,
                guint       index)
{
  return iss_bundle_get_key_for (bundle, index) != NULL ||
         !iss_certificate_is_ca (iss_bundle_get_certificate (bundle, index));
}

static GPtrArray *
judge (IssRootFolder           *root,
       IssBundle               *bundle,
       const IssImportOptions  *options,
       GError                 **error)
{
  guint n = iss_bundle_get_n_certificates (bundle);
  g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func ((GDestroyNotify) plan_free);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean only_chain = TRUE;

  for (guint i = 0; i < n; i++)
    only_chain = only_chain && !is_of_interest (bundle, i);

  for (guint i = 0; i < n; i++)
    {
      const char *hex = iss_certificate_get_sha256_hex (iss_bundle_get_certificate (bundle, i));
      Plan *plan;

      if (!g_hash_table_add (seen, (gpointer) hex))
        continue;

      plan = plan_certificate (root, bundle, i, only_chain || is_of_interest (bundle, i),
                               options, error);
      if (plan == NULL)
        return NULL;

      g_ptr_array_add (plans, plan);
    }

  return g_steal_pointer (&plans);
}

/* What somebody has set stays; what is missing is filled in, so that an import
 * that was cut off is completed by doing it again. */
static gboolean
write_properties (IssRootFolder           *root,
                  Plan                    *plan,
                  const IssImportOptions  *options,
                  GError                 **error)
{
  const IssProperties *old = &plan->old_properties;
  IssProperties wanted = *old;
  const char *name = plan->friendly_name;
  const char *origin = options->origin;

  if (wanted.friendly_name == NULL && name != NULL && name[0] != '\0')
    wanted.friendly_name = (char *) name;

  if (wanted.origin == NULL && origin != NULL && origin[0] != '\0')
    wanted.origin = (char *) origin;

  if (options->intent != ISS_INTENT_UNKNOWN)
    wanted.intent = options->intent;

  if (wanted.friendly_name == old->friendly_name && wanted.origin == old->origin &&
      wanted.intent == old->intent)
    return TRUE;

  plan->properties_written = TRUE;
  return iss_properties_save (&wanted, root,
                              iss_certificate_get_sha256_hex (plan->certificate), error);
}

static gboolean
has_been_said (const IssProperties *properties)
{
  return properties->friendly_name != NULL || properties->description != NULL ||
         properties->archived || properties->intent != ISS_INTENT_UNKNOWN ||
         properties->origin != NULL;
}

/* The opposite order. What cannot be taken back is whole and does no harm:
 * errors are not what went wrong first. A mark that was tightened stays. */
static void
roll_back (IssRootFolder  *root,
           GPtrArray      *plans)
{
  for (guint i = 0; i < plans->len; i++)
    {
      Plan *plan = g_ptr_array_index (plans, i);
      const char *hex = iss_certificate_get_sha256_hex (plan->certificate);

      if (plan->properties_written && has_been_said (&plan->old_properties))
        iss_properties_save (&plan->old_properties, root, hex, NULL);
      else if (plan->properties_written)
        iss_properties_remove (root, hex, NULL);
    }

  for (guint i = 0; i < plans->len; i++)
    {
      Plan *plan = g_ptr_array_index (plans, i);

      if (plan->tried && !plan->was_there)
        iss_certificate_store_remove (root, plan->store,
                                      iss_certificate_get_sha256_hex (plan->certificate), NULL);
    }

  for (guint i = 0; i < plans->len; i++)
    {
      Plan *plan = g_ptr_array_index (plans, i);

      if (plan->key_tried && !plan->key_was_there)
        iss_key_file_remove (root, iss_certificate_get_spki_sha256 (plan->certificate), NULL);
    }
}

/* The chain before those it vouches for: whoever sees a certificate sees its chain. */
static gboolean
add_certificates (IssRootFolder  *root,
                  GPtrArray      *plans,
                  gboolean        own,
                  GError        **error)
{
  for (guint i = 0; i < plans->len; i++)
    {
      Plan *plan = g_ptr_array_index (plans, i);

      if ((plan->store == ISS_STORE_MY) != own)
        continue;

      plan->tried = TRUE;
      if (!iss_certificate_store_add (root, plan->store, plan->certificate, &plan->added, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
commit (IssRootFolder           *root,
        GPtrArray               *plans,
        const IssImportOptions  *options,
        GError                 **error)
{
  for (guint i = 0; i < plans->len; i++)
    {
      Plan *plan = g_ptr_array_index (plans, i);

      if (plan->key == NULL)
        continue;

      plan->key_tried = TRUE;
      if (!iss_key_file_save (root, plan->key, options->exportable, options->origin,
                              &plan->key_added, error))
        return FALSE;
    }

  if (!add_certificates (root, plans, FALSE, error) || !add_certificates (root, plans, TRUE, error))
    return FALSE;

  for (guint i = 0; i < plans->len; i++)
    {
      Plan *plan = g_ptr_array_index (plans, i);

      if (plan->store == ISS_STORE_MY && !write_properties (root, plan, options, error))
        return FALSE;
    }

  return TRUE;
}

static GPtrArray *
dup_items (IssRootFolder  *root,
           GPtrArray      *plans,
           gboolean        what_if)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_import_item_free);

  for (guint i = 0; i < plans->len; i++)
    {
      const Plan *plan = g_ptr_array_index (plans, i);
      IssCertificate *certificate = plan->certificate;
      IssImportItem *item = g_new0 (IssImportItem, 1);

      memcpy (item->sha256, g_bytes_get_data (iss_certificate_get_sha256 (certificate), NULL),
              sizeof item->sha256);
      memcpy (item->sha1, g_bytes_get_data (iss_certificate_get_sha1 (certificate), NULL),
              sizeof item->sha1);
      item->issued_to = g_strdup (iss_certificate_get_issued_to (certificate));
      item->not_after = iss_certificate_get_not_after (certificate);
      item->store = plan->store;
      item->has_key = plan->has_key;
      item->added = what_if ? !plan->was_there : plan->added;
      item->key_added = what_if ? plan->key != NULL && !server_holds_key (root, certificate)
                                : plan->key_added;

      g_ptr_array_add (items, item);
    }

  return items;
}

/**
 * iss_import_commit:
 * @root: a root folder, whose lock the caller holds unless it is only to be tried
 * @bundle: what the file holds
 * @options: how
 * @error: return location for an error: %ISS_ERROR_MALFORMED when there is no certificate,
 *   %ISS_ERROR_REFUSED for a read-only store, %ISS_ERROR_NO_SPACE, …
 *
 * Puts the certificates and keys of one file where they belong.
 *
 * Automatically, a certificate with its key in the file, and one that is no CA's, goes to
 * Personal; a self-issued CA to Trusted Root; any other CA to Intermediate. With a store
 * named, that is where those go that would have gone to Personal (all, if there are none), and
 * the chain goes as before.
 *
 * It is idempotent. What is there already stays, with the name that somebody gave it; only the
 * intent may change, and a key may become not exportable. After an error nothing has been
 * added; after a crash nothing stands half, and doing it again completes it. A key without
 * its certificate in the file is passed over: iss_bundle_get_n_unpaired_keys() says so.
 *
 * Returns: (transfer full) (element-type IssImportItem): what became of each certificate, one
 *   item each however often it is in the file, or %NULL
 */
GPtrArray *
iss_import_commit (IssRootFolder           *root,
                   IssBundle               *bundle,
                   const IssImportOptions  *options,
                   GError                 **error)
{
  g_autoptr(GPtrArray) plans = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (ISS_IS_BUNDLE (bundle), NULL);
  g_return_val_if_fail (options != NULL, NULL);

  if (!check_options (bundle, options, error))
    return NULL;

  plans = judge (root, bundle, options, error);
  if (plans == NULL)
    return NULL;

  if (!options->what_if && !commit (root, plans, options, error))
    {
      roll_back (root, plans);
      return NULL;
    }

  return dup_items (root, plans, options->what_if);
}
