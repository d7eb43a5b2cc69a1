/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/chain.h"

#include "core/base/time-text.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

#define MAX_DEPTH 32

/**
 * IssChain:
 *
 * The way from a certificate to its root as one server sees it at one moment,
 * and whether that makes it trusted. A value: it does not follow the stores.
 *
 * It is for people who want to see what is wrong, so it goes on after the first
 * fault and says the worst; weak algorithms and revocation are other people's
 * questions.
 */
struct _IssChain
{
  GObject         parent_instance;

  /* Owned */
  GPtrArray      *links;     /* (element-type IssCertificate): leaf first */
  GArray         *faults;    /* (element-type Fault): of each link */
  char           *message;

  IssChainStatus  status;
};

/* What is wrong with one link. */
typedef struct
{
  IssChainStatus  status;
  const char     *reason;    /* (nullable): OpenSSL's, static */
} Fault;

/* What OpenSSL's verification is asked with, and says. */
typedef struct
{
  GHashTable     *by_x509;   /* borrows both: X509 → IssCertificate */
  GHashTable     *faults;    /* IssCertificate, borrowed → Fault */
  IssChainStatus  status;
  IssCertificate *about;     /* (nullable) */
  const char     *reason;
} Verdict;

/* Borrows its certificates. */
typedef STACK_OF(X509) X509Stack;

static void
x509_stack_free (X509Stack *stack)
{
  sk_X509_free (stack);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509Stack, x509_stack_free)

G_DEFINE_FINAL_TYPE (IssChain, iss_chain, G_TYPE_OBJECT)

static void
iss_chain_finalize (GObject *object)
{
  IssChain *self = ISS_CHAIN (object);

  g_clear_pointer (&self->links, g_ptr_array_unref);
  g_clear_pointer (&self->faults, g_array_unref);
  g_clear_pointer (&self->message, g_free);

  G_OBJECT_CLASS (iss_chain_parent_class)->finalize (object);
}

static void
iss_chain_class_init (IssChainClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_chain_finalize;
}

static void
iss_chain_init (IssChain *self)
{
  self->links = g_ptr_array_new_with_free_func (g_object_unref);
  self->faults = g_array_new (FALSE, TRUE, sizeof (Fault));
}

static IssCertificate *
find_certificate (const Verdict *verdict,
                  X509          *x509)
{
  return x509 != NULL ? g_hash_table_lookup (verdict->by_x509, x509) : NULL;
}

static IssChainStatus
status_from_openssl (int code)
{
  switch (code)
    {
    /* Asked again by us: RFC 5280 counts the last second, OpenSSL does not. */
    case X509_V_OK:
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return ISS_CHAIN_STATUS_TRUSTED;

    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return ISS_CHAIN_STATUS_INCOMPLETE;

    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return ISS_CHAIN_STATUS_UNTRUSTED_ROOT;

    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
      return ISS_CHAIN_STATUS_BAD_SIGNATURE;

    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return ISS_CHAIN_STATUS_MAY_NOT_ISSUE;

    default:
      return ISS_CHAIN_STATUS_OTHER;
    }
}

/* Which of two faults is the one to tell: what no new store and no new date
 * would mend comes first. */
static guint
weigh (IssChainStatus status)
{
  switch (status)
    {
    case ISS_CHAIN_STATUS_TRUSTED:
      return 0;

    case ISS_CHAIN_STATUS_NOT_YET_VALID:
      return 1;

    case ISS_CHAIN_STATUS_EXPIRED:
      return 2;

    case ISS_CHAIN_STATUS_OTHER:
      return 3;

    case ISS_CHAIN_STATUS_UNTRUSTED_ROOT:
      return 4;

    case ISS_CHAIN_STATUS_INCOMPLETE:
      return 5;

    case ISS_CHAIN_STATUS_MAY_NOT_ISSUE:
      return 6;

    case ISS_CHAIN_STATUS_BAD_SIGNATURE:
      return 7;

    case ISS_CHAIN_STATUS_DISTRUSTED:
      return 8;

    case ISS_CHAIN_N_STATUSES:
      break;
    }

  g_assert_not_reached ();
}

static void
note_fault (Verdict        *verdict,
            IssChainStatus  status,
            IssCertificate *about,
            const char     *reason)
{
  Fault *fault = g_hash_table_lookup (verdict->faults, about);

  if (fault == NULL)
    {
      fault = g_new0 (Fault, 1);
      g_hash_table_insert (verdict->faults, about, fault);
    }

  if (weigh (status) > weigh (fault->status))
    *fault = (Fault) { status, reason };
}

static void
verdict_add (Verdict        *verdict,
             IssChainStatus  status,
             IssCertificate *about,
             const char     *reason)
{
  if (about != NULL)
    note_fault (verdict, status, about, reason);

  if (weigh (status) <= weigh (verdict->status))
    return;

  verdict->status = status;
  verdict->about = about;
  verdict->reason = reason;
}

/* Says yes to everything, so that verification goes on and finds all faults. */
static int
verify_cb (int             ok,
           X509_STORE_CTX *context)
{
  Verdict *verdict = X509_STORE_CTX_get_app_data (context);
  int code = X509_STORE_CTX_get_error (context);

  if (!ok)
    verdict_add (verdict, status_from_openssl (code),
                 find_certificate (verdict, X509_STORE_CTX_get_current_cert (context)),
                 X509_verify_cert_error_string (code));

  return 1;
}

static void
add_links (IssChain       *self,
           const Verdict  *verdict,
           X509Stack      *chain,
           IssCertificate *leaf)
{
  for (int i = 0; i < sk_X509_num (chain); i++)
    {
      IssCertificate *link = find_certificate (verdict, sk_X509_value (chain, i));

      if (link != NULL)
        g_ptr_array_add (self->links, g_object_ref (link));
    }

  if (self->links->len == 0)
    g_ptr_array_add (self->links, g_object_ref (leaf));
}

static void
remember (Verdict        *verdict,
          IssCertificate *certificate)
{
  g_hash_table_insert (verdict->by_x509, iss_certificate_get_x509 (certificate), certificate);
}

/* Returns FALSE if OpenSSL could not even begin. */
static gboolean
verify (IssChain       *self,
        Verdict        *verdict,
        IssCertificate *leaf,
        GPtrArray      *trusted,
        GPtrArray      *intermediates,
        gint64          now)
{
  g_autoptr(X509_STORE) store = X509_STORE_new ();
  g_autoptr(X509_STORE_CTX) context = X509_STORE_CTX_new ();
  g_autoptr(X509Stack) others = sk_X509_new_null ();
  X509_VERIFY_PARAM *param;

  if (store == NULL || context == NULL || others == NULL)
    return FALSE;

  remember (verdict, leaf);

  for (guint i = 0; intermediates != NULL && i < intermediates->len; i++)
    {
      IssCertificate *certificate = g_ptr_array_index (intermediates, i);

      remember (verdict, certificate);
      if (sk_X509_push (others, iss_certificate_get_x509 (certificate)) <= 0)
        return FALSE;
    }

  for (guint i = 0; trusted != NULL && i < trusted->len; i++)
    {
      IssCertificate *certificate = g_ptr_array_index (trusted, i);

      remember (verdict, certificate);
      if (X509_STORE_add_cert (store, iss_certificate_get_x509 (certificate)) != 1)
        return FALSE;
    }

  if (X509_STORE_CTX_init (context, store, iss_certificate_get_x509 (leaf), others) != 1)
    return FALSE;

  param = X509_STORE_CTX_get0_param (context);
  X509_VERIFY_PARAM_set_time (param, (time_t) now);
  X509_VERIFY_PARAM_set_depth (param, MAX_DEPTH);
  X509_VERIFY_PARAM_set_purpose (param, X509_PURPOSE_ANY);
  X509_VERIFY_PARAM_set_auth_level (param, 0);
  X509_STORE_CTX_set_verify_cb (context, verify_cb);
  X509_STORE_CTX_set_app_data (context, verdict);

  if (X509_verify_cert (context) < 0)
    return FALSE;

  add_links (self, verdict, X509_STORE_CTX_get0_chain (context), leaf);

  return TRUE;
}

static GHashTable *
index_by_sha256 (GPtrArray *certificates)
{
  g_autoptr(GHashTable) index = g_hash_table_new (g_bytes_hash, g_bytes_equal);

  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    g_hash_table_add (index, iss_certificate_get_sha256 (g_ptr_array_index (certificates, i)));

  return g_steal_pointer (&index);
}

static void
judge_links (IssChain  *self,
             Verdict   *verdict,
             GPtrArray *distrusted,
             gint64     now)
{
  g_autoptr(GHashTable) index = index_by_sha256 (distrusted);

  for (guint i = 0; i < self->links->len; i++)
    {
      IssCertificate *link = g_ptr_array_index (self->links, i);

      if (g_hash_table_contains (index, iss_certificate_get_sha256 (link)))
        verdict_add (verdict, ISS_CHAIN_STATUS_DISTRUSTED, link, NULL);

      if (now > iss_certificate_get_not_after (link))
        verdict_add (verdict, ISS_CHAIN_STATUS_EXPIRED, link, NULL);

      if (now < iss_certificate_get_not_before (link))
        verdict_add (verdict, ISS_CHAIN_STATUS_NOT_YET_VALID, link, NULL);
    }
}

static void
keep_faults (IssChain      *self,
             const Verdict *verdict)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      const Fault *fault = g_hash_table_lookup (verdict->faults,
                                                g_ptr_array_index (self->links, i));
      const Fault none = { ISS_CHAIN_STATUS_TRUSTED, NULL };

      g_array_append_vals (self->faults, fault != NULL ? fault : &none, 1);
    }
}

static char *
describe (IssChain      *self,
          const Verdict *verdict)
{
  IssCertificate *leaf = g_ptr_array_index (self->links, 0);
  IssCertificate *last = g_ptr_array_index (self->links, self->links->len - 1);
  IssCertificate *about = verdict->about != NULL ? verdict->about : leaf;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  const char *title = iss_certificate_get_issued_to (about);
  const char *root = iss_certificate_get_issued_to (last);
  g_autofree char *date = NULL;

  switch (verdict->status)
    {
    case ISS_CHAIN_STATUS_TRUSTED:
      if (last == leaf)
        return g_strdup_printf (_("“%s” is itself in Trusted Root Certification Authorities"),
                                title);

      return g_strdup_printf (_("“%s” is trusted: its root certificate “%s” is in Trusted Root "
                                "Certification Authorities"), title, root);

    case ISS_CHAIN_STATUS_UNTRUSTED_ROOT:
      if (last == leaf)
        return g_strdup_printf (_("“%s” signed itself and is not in Trusted Root Certification "
                                  "Authorities"), title);

      return g_strdup_printf (_("The root certificate “%s” is not in Trusted Root Certification "
                                "Authorities"), root);

    case ISS_CHAIN_STATUS_INCOMPLETE:
      return g_strdup_printf (_("The issuer of “%s”, “%s”, was not found: import its certificate"),
                              title, iss_certificate_get_issued_by (about));

    case ISS_CHAIN_STATUS_EXPIRED:
      date = iss_time_text_date (iss_certificate_get_not_after (about), utc);
      return g_strdup_printf (_("“%s” expired %s"), title, date);

    case ISS_CHAIN_STATUS_NOT_YET_VALID:
      date = iss_time_text_date (iss_certificate_get_not_before (about), utc);
      return g_strdup_printf (_("“%s” is not valid before %s"), title, date);

    case ISS_CHAIN_STATUS_DISTRUSTED:
      return g_strdup_printf (_("“%s” is in Untrusted Certificates"), title);

    case ISS_CHAIN_STATUS_BAD_SIGNATURE:
      return g_strdup_printf (_("The signature on “%s” is not one of “%s”"),
                              title, iss_certificate_get_issued_by (about));

    case ISS_CHAIN_STATUS_MAY_NOT_ISSUE:
      return g_strdup_printf (_("“%s” is not allowed to issue certificates, and is an issuer in "
                                "this chain"), title);

    case ISS_CHAIN_N_STATUSES:
      break;

    case ISS_CHAIN_STATUS_OTHER:
      if (verdict->reason != NULL)
        return g_strdup_printf (_("“%s” cannot be used in this chain: %s"),
                                title, verdict->reason);

      return g_strdup_printf (_("The chain of “%s” cannot be judged"), title);
    }

  g_assert_not_reached ();
}

/**
 * iss_chain_build:
 * @leaf: the certificate whose chain is wanted
 * @trusted: (nullable) (element-type IssCertificate): the roots that are trusted
 * @intermediates: (nullable) (element-type IssCertificate): what else may be a link
 * @distrusted: (nullable) (element-type IssCertificate): the Untrusted store
 * @now: the moment asked about, seconds since 1970 in UTC
 *
 * Finds the chain of @leaf (RFC 5280 section 6, at most 32 links above it) and
 * judges it. Revocation, purposes and the strength of keys are not looked at.
 * It never fails: what cannot be judged is %ISS_CHAIN_STATUS_OTHER.
 *
 * Returns: (transfer full): the chain
 */
IssChain *
iss_chain_build (IssCertificate *leaf,
                 GPtrArray      *trusted,
                 GPtrArray      *intermediates,
                 GPtrArray      *distrusted,
                 gint64          now)
{
  g_autoptr(IssChain) self = NULL;
  g_autoptr(GHashTable) by_x509 = NULL;
  g_autoptr(GHashTable) faults = NULL;
  Verdict verdict = { .status = ISS_CHAIN_STATUS_TRUSTED };

  g_return_val_if_fail (ISS_IS_CERTIFICATE (leaf), NULL);

  self = g_object_new (ISS_TYPE_CHAIN, NULL);
  by_x509 = g_hash_table_new (NULL, NULL);
  faults = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  verdict.by_x509 = by_x509;
  verdict.faults = faults;

  if (!verify (self, &verdict, leaf, trusted, intermediates, now))
    {
      verdict_add (&verdict, ISS_CHAIN_STATUS_OTHER, leaf, NULL);
      if (self->links->len == 0)
        g_ptr_array_add (self->links, g_object_ref (leaf));
    }

  ERR_clear_error ();

  judge_links (self, &verdict, distrusted, now);
  keep_faults (self, &verdict);

  self->status = verdict.status;
  self->message = describe (self, &verdict);

  return g_steal_pointer (&self);
}

/**
 * iss_chain_get_status:
 * @self: a chain
 *
 * Returns: whether it is trusted, or the worst thing that speaks against it
 */
IssChainStatus
iss_chain_get_status (IssChain *self)
{
  g_return_val_if_fail (ISS_IS_CHAIN (self), ISS_CHAIN_STATUS_OTHER);

  return self->status;
}

/**
 * iss_chain_get_message:
 * @self: a chain
 *
 * Returns: (transfer none): a sentence without full stop that says the same to
 *   people and names the certificate it is about
 */
const char *
iss_chain_get_message (IssChain *self)
{
  g_return_val_if_fail (ISS_IS_CHAIN (self), NULL);

  return self->message;
}

/**
 * iss_chain_get_links:
 * @self: a chain
 *
 * Returns: (transfer none) (element-type IssCertificate): the links that were
 *   found, leaf first; at least the leaf
 */
GPtrArray *
iss_chain_get_links (IssChain *self)
{
  g_return_val_if_fail (ISS_IS_CHAIN (self), NULL);

  return self->links;
}

/**
 * iss_chain_get_link_status:
 * @self: a chain
 * @index: a link
 *
 * Returns: the worst thing that speaks against this link itself, whatever is
 *   above and below it
 */
IssChainStatus
iss_chain_get_link_status (IssChain *self,
                           guint     index)
{
  g_return_val_if_fail (ISS_IS_CHAIN (self), ISS_CHAIN_STATUS_OTHER);
  g_return_val_if_fail (index < self->faults->len, ISS_CHAIN_STATUS_OTHER);

  return g_array_index (self->faults, Fault, index).status;
}

/**
 * iss_chain_get_link_reason:
 * @self: a chain
 * @index: a link
 *
 * Returns: (nullable): OpenSSL's words for what speaks against it
 */
const char *
iss_chain_get_link_reason (IssChain *self,
                           guint     index)
{
  g_return_val_if_fail (ISS_IS_CHAIN (self), NULL);
  g_return_val_if_fail (index < self->faults->len, NULL);

  return g_array_index (self->faults, Fault, index).reason;
}

/**
 * iss_chain_dup_issuers:
 * @certificate: a certificate
 * @others: (element-type IssCertificate): among them its issuers
 * @max: how many at most
 * @now: seconds since 1970
 *
 * Returns: (transfer full) (element-type IssCertificate): its issuers, nearest first, as far as
 *   they are in @others
 */
GPtrArray *
iss_chain_dup_issuers (IssCertificate *certificate,
                       GPtrArray      *others,
                       guint           max,
                       gint64          now)
{
  g_autoptr(IssChain) chain = NULL;
  GPtrArray *issuers = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *links;

  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate) && others != NULL, issuers);

  chain = iss_chain_build (certificate, others, others, NULL, now);
  links = iss_chain_get_links (chain);
  for (guint i = 1; i < links->len && issuers->len < max; i++)
    g_ptr_array_add (issuers, g_object_ref (links->pdata[i]));

  return issuers;
}
