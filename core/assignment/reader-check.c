/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/reader-check.h"

#include "core/assignment/consumer-file.h"
#include "core/certificate/suitability.h"
#include "core/store/certificate-store.h"
#include "core/store/key-access.h"
#include "core/store/key-file.h"

#include <glib/gi18n-lib.h>

/* (transfer full) */
static char *
dup_text (const IssConsumer *consumer,
          const char        *why_not,
          gboolean           uses_another,
          gboolean           held)
{
  const char *name = consumer->name;
  const char *account = consumer->account;

  if (held)
    /* Translators: a service, why it cannot read a key and what to do, the service, its account */
    return g_strdup_printf (_("%s could not use this certificate: %s. The roll stays held until "
                              "%s, as %s, can read the key"), name, why_not, name, account);

  if (uses_another)
    /* Translators: a service, why it cannot read a key and what to do, the service, its account */
    return g_strdup_printf (_("%s could not use this certificate: %s. It would be left with the "
                              "one that it has, until %s, as %s, can read the key"),
                            name, why_not, name, account);

  /* Translators: a service, why it cannot read a key and what to do, the service, its account */
  return g_strdup_printf (_("%s could not use this certificate: %s. It would have none until %s, "
                            "as %s, can read the key"), name, why_not, name, account);
}

/**
 * iss_reader_check_judge:
 * @root: a server's folder
 * @type: a type
 * @sha256_hex: (nullable): what it shall use, 64 lower-case hex digits
 * @current: (nullable): what it uses now, likewise
 * @held: whether it waits until all are ready: then it is only a note
 *
 * Nothing is said of a key in a token, which decides that itself, and nothing where the
 * configuration cannot be read: that is told elsewhere.
 *
 * Returns: (transfer full) (element-type IssFinding): nothing when all can
 */
GPtrArray *
iss_reader_check_judge (IssRootFolder            *root,
                        const IssCertificateType *type,
                        const char               *sha256_hex,
                        const char               *current,
                        gboolean                  held)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GPtrArray) consumers = NULL;
  GBytes *spki_sha256;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), findings);
  g_return_val_if_fail (type != NULL, findings);

  if (sha256_hex != NULL)
    certificate = iss_certificate_store_get (root, ISS_STORE_MY, sha256_hex, NULL);
  if (certificate == NULL)
    return findings;

  spki_sha256 = iss_certificate_get_spki_sha256 (certificate);
  if (iss_key_file_get_state (root, spki_sha256) != ISS_KEY_STATE_FILE)
    return findings;

  consumers = iss_consumer_file_load (iss_root_folder_get_path (root), NULL);
  for (guint i = 0; consumers != NULL && i < consumers->len; i++)
    {
      const IssConsumer *consumer = g_ptr_array_index (consumers, i);
      g_autofree char *why_not = NULL;
      g_autofree char *text = NULL;
      gboolean grantable;

      if (consumer->type != type || consumer->account == NULL ||
          iss_key_access_allows (root, spki_sha256, consumer->account, &why_not, &grantable))
        continue;

      text = dup_text (consumer, why_not, current != NULL, held);
      g_ptr_array_add (findings, iss_finding_new (held ? ISS_FINDING_NOTE : ISS_FINDING_WARNING,
                                                  "unreadable", text));
    }

  return findings;
}
