/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/token-check.h"

#include <glib/gi18n-lib.h>

#include "core/agent/token-proof.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/store/certificate-store.h"
#include "core/store/key-uri.h"

/* Somebody waits for an observation. */
#define SECONDS 3

#define MAX_REASON 512
#define LATEST G_GINT64_CONSTANT (253402300799)   /* the end of the year 9999 */

/**
 * iss_token_check_new:
 * @trial: what came of trying it
 * @proved: when it signed before that; 0: never
 * @reason: why not, without the full stop; "" when it signed
 *
 * Returns: (transfer full): a check
 */
IssTokenCheck *
iss_token_check_new (IssTokenTrial  trial,
                     gint64         proved,
                     const char    *reason)
{
  IssTokenCheck *self = g_new0 (IssTokenCheck, 1);

  self->trial = trial;
  self->proved = proved;
  self->reason = g_strdup (reason);
  return self;
}

/**
 * iss_token_check_free:
 * @self: (transfer full): a check
 *
 * Frees it.
 */
void
iss_token_check_free (IssTokenCheck *self)
{
  g_free (self->reason);
  g_free (self);
}

/* Without a PIN, or with one that is not tried, nothing is known of the key. */
static IssTokenTrial
judge (const GError *error)
{
  return g_error_matches (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT) ||
         g_error_matches (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD) ||
         g_error_matches (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY)
         ? ISS_TOKEN_TRIAL_NONE : ISS_TOKEN_TRIAL_FAILED;
}

static gboolean
prove (IssRootFolder   *root,
       IssCertificate  *certificate,
       const char      *uri,
       gint64           now,
       GError         **error)
{
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (error);
  g_autoptr(IssProof) proof = NULL;

  if (nonce != NULL)
    proof = iss_token_proof_make (root, certificate, uri, NULL, "", nonce, now, SECONDS, NULL,
                                  error);

  return proof != NULL;
}

/**
 * iss_token_check_make:
 * @root: a server's folder
 * @sha256_hex: a certificate of Personal whose key is in a token
 * @now: the server's time
 * @patient: (inout): whether tokens are asked; becomes %FALSE when one does not answer in time,
 *   for whoever looks at many must not wait for each
 *
 * Has the token prove that it holds the key, where the server has the PIN. Writes nothing down.
 * Blocks.
 *
 * Returns: (transfer full): what is known of the key
 */
IssTokenCheck *
iss_token_check_make (IssRootFolder *root,
                      const char    *sha256_hex,
                      gint64         now,
                      gboolean      *patient)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = NULL;
  gint64 proved = 0;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (sha256_hex != NULL && patient != NULL, NULL);

  certificate = iss_certificate_store_get (root, ISS_STORE_MY, sha256_hex, &error);
  if (certificate != NULL)
    uri = iss_key_uri_load (root, iss_certificate_get_spki_sha256 (certificate), &proved, &error);

  if (uri == NULL)
    return iss_token_check_new (ISS_TOKEN_TRIAL_FAILED, proved, error->message);

  if (!*patient)
    return iss_token_check_new (ISS_TOKEN_TRIAL_NONE, proved,
                                _("another token of the server did not answer in time"));

  if (prove (root, certificate, uri, now, &error))
    return iss_token_check_new (ISS_TOKEN_TRIAL_SIGNED, proved, "");

  *patient = !g_error_matches (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY);
  return iss_token_check_new (judge (error), proved, error->message);
}

/**
 * iss_token_check_matches:
 * @self: a check
 *
 * Returns: whether the key is known to match: it has signed now, or it has once and nothing
 *   speaks against it
 */
gboolean
iss_token_check_matches (const IssTokenCheck *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  switch (self->trial)
    {
    case ISS_TOKEN_TRIAL_SIGNED:
      return TRUE;

    case ISS_TOKEN_TRIAL_NONE:
      return self->proved != 0;

    case ISS_TOKEN_TRIAL_FAILED:
      break;
    }

  return FALSE;
}

/**
 * iss_token_check_dup_text:
 * @self: a check
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full): what is known of the key, and what not, without the full stop
 */
char *
iss_token_check_dup_text (const IssTokenCheck *self,
                          GTimeZone           *zone)
{
  g_autofree char *when = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  switch (self->trial)
    {
    case ISS_TOKEN_TRIAL_SIGNED:
      return g_strdup (_("Its private key is in a token, and signed just then"));

    case ISS_TOKEN_TRIAL_FAILED:
      /* Translators: a reason */
      return g_strdup_printf (_("Its private key is in a token and cannot be used: %s"),
                              self->reason);

    case ISS_TOKEN_TRIAL_NONE:
      break;
    }

  if (self->proved == 0)
    /* Translators: a reason */
    return g_strdup_printf (_("Its private key is said to be in a token, which never proved it: "
                              "%s"), self->reason);

  when = iss_time_text_instant (self->proved, zone);
  /* Translators: an instant, a reason */
  return g_strdup_printf (_("Its private key is in a token, which proved it on %s; it was not "
                            "tried now: %s"), when, self->reason);
}

/**
 * iss_token_check_write_all:
 * @checks: (element-type GBytes IssTokenCheck): by the SHA-256 of the certificates
 *
 * Returns: (transfer floating): the checks, an %ISS_TOKEN_CHECK_TYPE
 */
GVariant *
iss_token_check_write_all (GHashTable *checks)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer sha256;
  gpointer value;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (ISS_TOKEN_CHECK_TYPE));
  g_hash_table_iter_init (&iter, checks);
  while (g_hash_table_iter_next (&iter, &sha256, &value))
    {
      const IssTokenCheck *check = value;

      g_variant_builder_add (&builder, "(@ayuxs)",
                             g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, sha256, TRUE),
                             (guint32) check->trial, check->proved, check->reason);
    }

  return g_variant_builder_end (&builder);
}

/**
 * iss_token_check_read_all:
 * @list: an %ISS_TOKEN_CHECK_TYPE from a server, which is not trusted
 * @checks: (element-type GBytes IssTokenCheck): owns both; gets them
 *
 * Returns: whether the list is what it should be
 */
gboolean
iss_token_check_read_all (GVariant   *list,
                          GHashTable *checks)
{
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) sha256 = NULL;
      g_autofree char *clean = NULL;
      const char *reason;
      guint32 trial;
      gint64 proved;

      g_variant_get_child (list, i, "(@ayux&s)", &sha256, &trial, &proved, &reason);
      if (g_variant_n_children (sha256) != ISS_SHA256_SIZE || trial > ISS_TOKEN_TRIAL_FAILED ||
          proved < 0 || proved > LATEST)
        return FALSE;

      clean = iss_text_sanitise (reason, -1, MAX_REASON);
      g_hash_table_insert (checks, g_bytes_new (g_variant_get_data (sha256), ISS_SHA256_SIZE),
                           iss_token_check_new ((IssTokenTrial) trial, proved, clean));
    }

  return TRUE;
}
