/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/reader-check.h"

#include "core/assignment/consumer-file.h"
#include "core/certificate/suitability.h"
#include "core/store/certificate-store.h"
#include "core/store/key-access.h"
#include "core/store/key-file.h"

#include <glib/gi18n-lib.h>

static void
add (GPtrArray         *findings,
     const IssConsumer *consumer,
     const char        *why_not,
     gboolean           held)
{
  g_autofree char *text = NULL;

  /* Translators: a service, why it cannot read a key, the service, its account */
  text = g_strdup_printf (held ? _("%s could not use this certificate: %s. The roll stays held "
                                   "until %s, as %s, can read the key: allow it (set-key-access)")
                               : _("%s could not use this certificate: %s. It would be left with "
                                   "the one that it has, until %s, as %s, can read the key: allow "
                                   "it first (set-key-access)"),
                          consumer->name, why_not, consumer->name, consumer->account);
  g_ptr_array_add (findings, iss_finding_new (held ? ISS_FINDING_NOTE : ISS_FINDING_WARNING,
                                              "unreadable", text));
}

/**
 * iss_reader_check_judge:
 * @root: a server's folder
 * @type: a type
 * @sha256_hex: (nullable): what it shall use, 64 lower-case hex digits
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

      if (consumer->type == type && consumer->account != NULL &&
          !iss_key_access_allows (root, spki_sha256, consumer->account, &why_not))
        add (findings, consumer, why_not, held);
    }

  return findings;
}
