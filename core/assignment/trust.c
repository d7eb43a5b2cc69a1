/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/trust.h"

#include "core/assignment/assignments.h"
#include "core/base/error.h"
#include "core/certificate/der-walk.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/key-uri.h"

#include <glib/gi18n-lib.h>

#define TAG_INTEGER 0x02
#define TAG_SEQUENCE 0x30
#define TAG_VERSION 0xa0

/* More intermediates one above the other than any chain may have. */
#define MAX_ROUNDS 8

/* Looks for the certificates that may have issued others, by the names that
 * stand there: decoding the hundred and more of a system's bundle to find one
 * of them takes 100 times as long as walking over them. */
typedef struct
{
  GHashTable *wanted;   /* set of GBytes: names, as DER */
  GHashTable *seen;     /* set of SHA-256 hex */
  GPtrArray  *found;    /* (element-type IssCertificate) */
} Search;

static gboolean
read_names (const guint8  *der,
            gsize          size,
            IssDerWalk    *out_issuer,
            IssDerWalk    *out_subject)
{
  IssDerWalk all = { der, size };
  IssDerWalk certificate;
  IssDerWalk fields;
  IssDerWalk skipped;
  guint8 tag;

  return iss_der_walk_expect (&all, TAG_SEQUENCE, &certificate) &&
         iss_der_walk_expect (&certificate, TAG_SEQUENCE, &fields) &&
         iss_der_walk_next (&fields, &tag, &skipped) &&
         (tag != TAG_VERSION || iss_der_walk_expect (&fields, TAG_INTEGER, &skipped)) &&
         iss_der_walk_expect (&fields, TAG_SEQUENCE, &skipped) &&     /* signature algorithm */
         iss_der_walk_expect (&fields, TAG_SEQUENCE, out_issuer) &&
         iss_der_walk_expect (&fields, TAG_SEQUENCE, &skipped) &&     /* validity */
         iss_der_walk_expect (&fields, TAG_SEQUENCE, out_subject);
}

static void
want_issuer_of (Search          *search,
                IssCertificate  *certificate)
{
  gsize size;
  const guint8 *der = g_bytes_get_data (iss_certificate_get_der (certificate), &size);
  IssDerWalk issuer;
  IssDerWalk subject;

  if (read_names (der, size, &issuer, &subject))
    g_hash_table_add (search->wanted, g_bytes_new (issuer.data, issuer.size));
}

static gboolean
take_wanted_cb (const char    *sha256_hex,
                const guint8  *der,
                gsize          size,
                gpointer       user_data)
{
  Search *search = user_data;
  IssDerWalk issuer;
  IssDerWalk subject;
  g_autoptr(GBytes) name = NULL;
  g_autoptr(GBytes) copy = NULL;
  IssCertificate *certificate;

  if (!read_names (der, size, &issuer, &subject))
    return TRUE;

  name = g_bytes_new_static (subject.data, subject.size);
  if (!g_hash_table_contains (search->wanted, name) ||
      g_hash_table_contains (search->seen, sha256_hex))
    return TRUE;

  copy = g_bytes_new (der, size);
  certificate = iss_certificate_new_from_der (copy, NULL);
  if (certificate == NULL)
    return TRUE;

  g_hash_table_add (search->seen, g_strdup (sha256_hex));
  g_ptr_array_add (search->found, certificate);

  return TRUE;
}

static gboolean
search_store (Search          *search,
              IssRootFolder   *root,
              IssStoreName     store,
              GError         **error)
{
  return iss_certificate_store_foreach (root, store, take_wanted_cb, search, NULL, error);
}

/* Up the intermediates until no new one turns up, then the roots. */
static gboolean
search_issuers (IssRootFolder   *root,
                IssCertificate  *certificate,
                GPtrArray       *intermediates,
                GPtrArray       *trusted,
                GError         **error)
{
  g_autoptr(GHashTable) wanted = NULL;
  g_autoptr(GHashTable) seen = NULL;
  Search search;
  guint n_done = 0;

  wanted = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                  NULL);
  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  search = (Search) { wanted, seen, intermediates };
  want_issuer_of (&search, certificate);

  for (guint round = 0; round < MAX_ROUNDS; round++)
    {
      if (!search_store (&search, root, ISS_STORE_CA, error))
        return FALSE;

      if (n_done == intermediates->len)
        break;

      for (; n_done < intermediates->len; n_done++)
        want_issuer_of (&search, g_ptr_array_index (intermediates, n_done));
    }

  /* A root that also lies among the intermediates is trusted all the same. */
  g_hash_table_remove_all (seen);
  search.found = trusted;

  return search_store (&search, root, ISS_STORE_ROOT, error) &&
         search_store (&search, root, ISS_STORE_AUTHROOT, error);
}

/* Everything there is, for names that are the same without being the same bytes. */
static IssChain *
build_from_all (IssRootFolder   *root,
                IssCertificate  *certificate,
                GPtrArray       *distrusted,
                gint64           now,
                GError         **error)
{
  g_autoptr(GPtrArray) intermediates = NULL;
  g_autoptr(GPtrArray) trusted = NULL;
  g_autoptr(GPtrArray) bundle = NULL;

  intermediates = iss_certificate_store_get_all (root, ISS_STORE_CA, NULL, error);
  if (intermediates == NULL)
    return NULL;

  trusted = iss_certificate_store_get_all (root, ISS_STORE_ROOT, NULL, error);
  if (trusted == NULL)
    return NULL;

  bundle = iss_certificate_store_get_all (root, ISS_STORE_AUTHROOT, NULL, error);
  if (bundle == NULL)
    return NULL;

  for (guint i = 0; i < bundle->len; i++)
    g_ptr_array_add (trusted, g_object_ref (g_ptr_array_index (bundle, i)));

  return iss_chain_build (certificate, trusted, intermediates, distrusted, now);
}

/**
 * iss_trust_build_chain:
 * @root: a server's folder
 * @certificate: a certificate, of whatever store or none
 * @now: the instant to judge for
 * @error: return location for an error
 *
 * Builds the chain of @certificate from what is on this server: trusted are its
 * Trusted Root store and the system's bundle, less what is in Untrusted;
 * issuers in between come from the Intermediate store. A chain that is not
 * trusted is no error: its status says why.
 *
 * Returns: (transfer full): the chain, or %NULL with @error set if a store
 *   cannot be read
 */
IssChain *
iss_trust_build_chain (IssRootFolder   *root,
                       IssCertificate  *certificate,
                       gint64           now,
                       GError         **error)
{
  g_autoptr(GPtrArray) intermediates = NULL;
  g_autoptr(GPtrArray) trusted = NULL;
  g_autoptr(GPtrArray) distrusted = NULL;
  g_autoptr(IssChain) chain = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  distrusted = iss_certificate_store_get_all (root, ISS_STORE_DISALLOWED, NULL, error);
  if (distrusted == NULL)
    return NULL;

  intermediates = g_ptr_array_new_with_free_func (g_object_unref);
  trusted = g_ptr_array_new_with_free_func (g_object_unref);
  if (!search_issuers (root, certificate, intermediates, trusted, error))
    return NULL;

  chain = iss_chain_build (certificate, trusted, intermediates, distrusted, now);
  if (iss_chain_get_status (chain) == ISS_CHAIN_STATUS_INCOMPLETE)
    return build_from_all (root, certificate, distrusted, now, error);

  return g_steal_pointer (&chain);
}

static GPtrArray *
judge_missing (const char *server_name)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
  g_autofree char *text = NULL;

  text = *server_name != '\0'
    ? g_strdup_printf (_("%s does not have this certificate in Personal: import it there first"),
                       server_name)
    : g_strdup (_("The server does not have this certificate in Personal: import it there first"));
  g_ptr_array_add (findings, iss_finding_new (ISS_FINDING_ERROR, "not-here", text));

  return findings;
}

/* A key in a token cannot be looked at here: see judge_token(). */
static gboolean
examine_key (IssRootFolder        *root,
             IssCertificate       *certificate,
             IssSuitabilityFacts  *facts,
             GError              **error)
{
  GBytes *spki_sha256 = iss_certificate_get_spki_sha256 (certificate);
  IssKeyState state = iss_key_file_get_state (root, spki_sha256);
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) local_error = NULL;

  facts->has_key = state != ISS_KEY_STATE_NONE;
  facts->key_matches = state == ISS_KEY_STATE_TOKEN;
  if (state != ISS_KEY_STATE_FILE)
    return TRUE;

  key = iss_key_file_load (root, spki_sha256, &local_error);
  if (key != NULL)
    {
      facts->key_matches = iss_private_key_matches (key, certificate);
      return TRUE;
    }

  /* A damaged file is no key for this certificate; one that may not be read
   * says nothing about it. */
  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_MALFORMED))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* Nobody is asked for a PIN here: what counts is whether the token has proved it before. */
static void
judge_token (IssRootFolder  *root,
             IssCertificate *certificate,
             GPtrArray      *findings)
{
  GBytes *spki_sha256 = iss_certificate_get_spki_sha256 (certificate);
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;
  gint64 proved = 0;

  if (iss_key_file_get_state (root, spki_sha256) != ISS_KEY_STATE_TOKEN)
    return;

  uri = iss_key_uri_load (root, spki_sha256, &proved, &error);
  if (uri == NULL)
    g_ptr_array_add (findings, iss_finding_new (ISS_FINDING_ERROR, "key-uri", error->message));
  else if (proved == 0)
    g_ptr_array_add (findings,
                     iss_finding_new (ISS_FINDING_WARNING, "key-not-proved",
                                      _("The private key is said to be in a token, which never "
                                        "proved it: say in its properties, or with set-key-uri, "
                                        "which key it is")));
}

static gboolean
is_used_by_another_type (IssAssignments            *assignments,
                         const IssCertificateType  *type,
                         const char                *sha256_hex)
{
  for (guint i = 0; i < iss_assignments_get_n (assignments); i++)
    {
      const IssAssignment *assignment = iss_assignments_get (assignments, i);

      if (assignment->type == type)
        continue;

      for (guint j = 0; j < ISS_N_SLOTS; j++)
        {
          if (g_strcmp0 (assignment->slot[j], sha256_hex) == 0)
            return TRUE;
        }
    }

  return FALSE;
}

/**
 * iss_trust_judge:
 * @root: a server's folder
 * @type: the type that the certificate is meant for
 * @sha256_hex: the certificate, 64 lower-case hex digits
 * @server_name: how the findings call the server; "" when nobody says
 * @sip_domains: (nullable): the pool's
 * @now: the instant to judge for
 * @error: return location for an error
 *
 * Collects what this server knows about one of its certificates and asks the
 * rules of @type. A certificate that is not in
 * Personal there has the one finding "not-here".
 *
 * Returns: (transfer full) (element-type IssFinding): what there is to say,
 *   empty if it suits, or %NULL with @error set if the disk cannot be read
 */
GPtrArray *
iss_trust_judge (IssRootFolder             *root,
                 const IssCertificateType  *type,
                 const char                *sha256_hex,
                 const char                *server_name,
                 const char *const         *sip_domains,
                 gint64                     now,
                 GError                   **error)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssChain) chain = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GError) local_error = NULL;
  IssSuitabilityFacts facts = { 0 };
  GPtrArray *findings;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (sha256_hex != NULL, NULL);
  g_return_val_if_fail (server_name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  certificate = iss_certificate_store_get (root, ISS_STORE_MY, sha256_hex, &local_error);
  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return judge_missing (server_name);

  if (certificate == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  assignments = iss_assignments_load (root, error);
  if (assignments == NULL)
    return NULL;

  chain = iss_trust_build_chain (root, certificate, now, error);
  if (chain == NULL)
    return NULL;

  if (!examine_key (root, certificate, &facts, error))
    return NULL;

  facts.certificate = certificate;
  facts.chain = chain;
  facts.server_name = *server_name != '\0' ? server_name : NULL;
  facts.sip_domains = sip_domains;
  facts.used_for_another_type = is_used_by_another_type (assignments, type, sha256_hex);
  facts.now = now;

  findings = iss_suitability_check (&type->rules, &facts);
  judge_token (root, certificate, findings);

  return findings;
}
