/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-path.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/assignment/trust.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/store/certificate-store.h"

#define REPLY_TYPE "(a(ayus)a{sv})"
#define MAX_REASON_CHARACTERS 256

typedef struct
{
  IssCertificate *certificate;
  IssChainStatus  status;
  char           *reason;        /* "" = none */
} Link;

struct _IssAgentPath
{
  GObject    parent_instance;

  /* Owned */
  GArray    *links;              /* (element-type Link) */

  gint64     time;
  gboolean   is_cut;
};

G_DEFINE_FINAL_TYPE (IssAgentPath, iss_agent_path, G_TYPE_OBJECT)

static void
link_clear (gpointer data)
{
  Link *link = data;

  g_clear_object (&link->certificate);
  g_clear_pointer (&link->reason, g_free);
}

static void
iss_agent_path_finalize (GObject *object)
{
  IssAgentPath *self = ISS_AGENT_PATH (object);

  g_clear_pointer (&self->links, g_array_unref);

  G_OBJECT_CLASS (iss_agent_path_parent_class)->finalize (object);
}

static void
iss_agent_path_class_init (IssAgentPathClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_agent_path_finalize;
}

static void
iss_agent_path_init (IssAgentPath *self)
{
  self->links = g_array_new (FALSE, TRUE, sizeof (Link));
  g_array_set_clear_func (self->links, link_clear);
}

static IssCertificate *
load (IssRootFolder  *root,
      const char     *store,
      const char     *hex,
      GError        **error)
{
  IssStoreName name;

  if (*store != '\0')
    {
      if (!iss_store_name_parse (store, &name, error))
        return NULL;

      return iss_certificate_store_get (root, name, hex, error);
    }

  for (guint i = 0; i < ISS_N_STORES; i++)
    {
      if (iss_certificate_store_contains (root, (IssStoreName) i, hex))
        return iss_certificate_store_get (root, (IssStoreName) i, hex, error);
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                       _("The certificate is in none of the server's stores"));
  return NULL;
}

static GVariant *
new_answer (IssChain *chain,
            gint64    now)
{
  GPtrArray *certificates = iss_chain_get_links (chain);
  GVariantBuilder links;
  GVariantDict info;

  g_variant_builder_init (&links, G_VARIANT_TYPE ("a(ayus)"));
  for (guint i = 0; i < MIN (certificates->len, ISS_AGENT_PATH_MAX_LINKS); i++)
    {
      IssCertificate *certificate = g_ptr_array_index (certificates, i);
      const char *reason = iss_chain_get_link_reason (chain, i);

      g_variant_builder_add (&links, "(@ayus)",
                             iss_agent_wire_new_bytes (iss_certificate_get_der (certificate)),
                             (guint32) iss_chain_get_link_status (chain, i),
                             reason != NULL ? reason : "");
    }

  g_variant_dict_init (&info, NULL);
  g_variant_dict_insert (&info, "time", "x", now);
  g_variant_dict_insert (&info, "cut", "b", certificates->len > ISS_AGENT_PATH_MAX_LINKS);

  return g_variant_new ("(@a(ayus)@a{sv})", g_variant_builder_end (&links),
                        g_variant_dict_end (&info));
}

/**
 * iss_agent_path_run:
 * @context: for whom and when
 * @parameters: BuildPath's arguments
 * @cancellable: (nullable): not looked at: it changes nothing
 * @error: return location for an error
 *
 * Builds the certification path of a certificate that is on this server, with
 * what this server trusts and by its clock.
 *
 * Errors: %ISS_ERROR_NOT_FOUND if it is not there; %ISS_ERROR_INVALID_ARGUMENT.
 *
 * Returns: (transfer floating): the answer
 */
GVariant *
iss_agent_path_run (const IssAgentContext  *context,
                    GVariant               *parameters,
                    GCancellable           *cancellable,
                    GError                **error)
{
  g_autoptr(GVariant) hash = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssChain) chain = NULL;
  g_autofree char *hex = NULL;
  const char *store;

  g_variant_get (parameters, "(&s@ay@a{sv})", &store, &hash, NULL);
  sha256 = iss_agent_wire_dup_bytes (hash);
  if (g_bytes_get_size (sha256) != ISS_SHA256_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by a SHA-256"));
      return NULL;
    }

  hex = iss_text_hex (g_bytes_get_data (sha256, NULL), ISS_SHA256_SIZE, FALSE);
  certificate = load (context->root, store, hex, error);
  if (certificate == NULL)
    return NULL;

  chain = iss_trust_build_chain (context->root, certificate, context->now, error);
  if (chain == NULL)
    return NULL;

  return new_answer (chain, context->now);
}

static gboolean
read_link (IssAgentPath  *self,
           GVariant      *item,
           GError       **error)
{
  g_autoptr(GVariant) bytes = NULL;
  g_autoptr(GBytes) der = NULL;
  Link link = { NULL };
  const char *reason;
  guint32 status;

  g_variant_get (item, "(@ayu&s)", &bytes, &status, &reason);
  der = iss_agent_wire_dup_bytes (bytes);
  link.certificate = iss_certificate_new_from_der (der, error);
  if (link.certificate == NULL)
    {
      g_prefix_error (error, _("The server answered with something that is no certificate: "));
      return FALSE;
    }

  link.status = status < ISS_CHAIN_N_STATUSES ? (IssChainStatus) status : ISS_CHAIN_STATUS_OTHER;
  link.reason = iss_text_sanitise (reason, -1, MAX_REASON_CHARACTERS);
  g_array_append_val (self->links, link);

  return TRUE;
}

/* A path that begins with another certificate is not the answer to the question. */
static gboolean
begins_with (IssAgentPath *self,
             GVariant     *parameters)
{
  g_autoptr(GVariant) hash = NULL;
  g_autoptr(GBytes) sha256 = NULL;

  g_variant_get (parameters, "(&s@aya{sv})", NULL, &hash, NULL);
  sha256 = iss_agent_wire_dup_bytes (hash);

  return g_bytes_equal (sha256,
                        iss_certificate_get_sha256 (iss_agent_path_get_certificate (self, 0)));
}

static gpointer
read_reply (GVariant  *reply,
            GVariant  *parameters,
            GError   **error)
{
  g_autoptr(IssAgentPath) self = g_object_new (ISS_TYPE_AGENT_PATH, NULL);
  g_autoptr(GVariant) links = NULL;
  g_autoptr(GVariant) info = NULL;
  gsize n;

  g_variant_get (reply, "(@a(ayus)@a{sv})", &links, &info);
  n = g_variant_n_children (links);
  if (n == 0 || n > ISS_AGENT_PATH_MAX_LINKS)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_PROTOCOL,
                   _("The server answered with a certification path of %" G_GSIZE_FORMAT
                     " certificates"), n);
      return NULL;
    }

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) item = g_variant_get_child_value (links, i);

      if (!read_link (self, item, error))
        return NULL;
    }

  if (!begins_with (self, parameters))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_PROTOCOL,
                           _("The server answered with the path of another certificate"));
      return NULL;
    }

  g_variant_lookup (info, "time", "x", &self->time);
  self->is_cut = iss_agent_wire_get_boolean (info, "cut");

  return g_steal_pointer (&self);
}

/**
 * iss_agent_path_new_call:
 * @store: a store's nick, or "" for any
 * @sha256: a certificate in it, 32 bytes
 *
 * Returns: (transfer full): the question for its certification path; the answer
 *   is an #IssAgentPath
 */
IssAgentCall *
iss_agent_path_new_call (const char *store,
                         GBytes     *sha256)
{
  g_return_val_if_fail (store != NULL, NULL);
  g_return_val_if_fail (g_bytes_get_size (sha256) == ISS_SHA256_SIZE, NULL);

  return iss_agent_call_new ("BuildPath",
                             g_variant_new ("(s@aya{sv})", store,
                                            iss_agent_wire_new_bytes (sha256), NULL),
                             REPLY_TYPE, read_reply, g_object_unref);
}

/**
 * iss_agent_path_get_n_links:
 * @self: a path
 *
 * Returns: the number of its certificates, 1 to 10
 */
guint
iss_agent_path_get_n_links (IssAgentPath *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_PATH (self), 0);

  return self->links->len;
}

/**
 * iss_agent_path_get_certificate:
 * @self: a path
 * @index: a link: 0 is the certificate itself
 *
 * Returns: (transfer none): its certificate
 */
IssCertificate *
iss_agent_path_get_certificate (IssAgentPath *self,
                                guint         index)
{
  g_return_val_if_fail (ISS_IS_AGENT_PATH (self), NULL);
  g_return_val_if_fail (index < self->links->len, NULL);

  return g_array_index (self->links, Link, index).certificate;
}

/**
 * iss_agent_path_get_status:
 * @self: a path
 * @index: a link
 *
 * Returns: what speaks against this link itself
 */
IssChainStatus
iss_agent_path_get_status (IssAgentPath *self,
                           guint         index)
{
  g_return_val_if_fail (ISS_IS_AGENT_PATH (self), ISS_CHAIN_STATUS_OTHER);
  g_return_val_if_fail (index < self->links->len, ISS_CHAIN_STATUS_OTHER);

  return g_array_index (self->links, Link, index).status;
}

static char *
describe_root (IssCertificate *certificate,
               const char     *server)
{
  if (iss_certificate_is_ca (certificate))
    return g_strdup_printf (_("This CA Root certificate is not trusted because it is not in "
                              "Trusted Root Certification Authorities on %s."), server);

  return g_strdup_printf (_("This certificate has signed itself and is not trusted because it is "
                            "not in Trusted Root Certification Authorities on %s."), server);
}

/**
 * iss_agent_path_dup_sentence:
 * @self: a path
 * @index: a link
 * @server_name: how people call the server
 * @zone: (nullable): the reader's time zone; %NULL is UTC
 *
 * Returns: (transfer full): the status of this link in the snap-in's words
 */
char *
iss_agent_path_dup_sentence (IssAgentPath *self,
                             guint         index,
                             const char   *server_name,
                             GTimeZone    *zone)
{
  const Link *link;
  const char *issuer;
  g_autofree char *date = NULL;

  g_return_val_if_fail (ISS_IS_AGENT_PATH (self), NULL);
  g_return_val_if_fail (index < self->links->len, NULL);
  g_return_val_if_fail (server_name != NULL, NULL);

  link = &g_array_index (self->links, Link, index);
  issuer = iss_certificate_get_issued_by (link->certificate);

  switch (link->status)
    {
    case ISS_CHAIN_STATUS_TRUSTED:
      return g_strdup (_("This certificate is OK."));

    case ISS_CHAIN_STATUS_UNTRUSTED_ROOT:
      return describe_root (link->certificate, server_name);

    case ISS_CHAIN_STATUS_INCOMPLETE:
      return g_strdup_printf (_("The issuer of this certificate, “%s”, could not be found on %s: "
                                "import its certificate there."), issuer, server_name);

    case ISS_CHAIN_STATUS_EXPIRED:
      date = iss_time_text_instant (iss_certificate_get_not_after (link->certificate), zone);
      return g_strdup_printf (_("This certificate has expired: it was valid until %s."), date);

    case ISS_CHAIN_STATUS_NOT_YET_VALID:
      date = iss_time_text_instant (iss_certificate_get_not_before (link->certificate), zone);
      return g_strdup_printf (_("This certificate is not yet valid: it begins on %s."), date);

    case ISS_CHAIN_STATUS_DISTRUSTED:
      return g_strdup_printf (_("This certificate is in Untrusted Certificates on %s."),
                              server_name);

    case ISS_CHAIN_STATUS_BAD_SIGNATURE:
      return g_strdup_printf (_("This certificate has an invalid digital signature: it is not one "
                                "of “%s”."), issuer);

    case ISS_CHAIN_STATUS_MAY_NOT_ISSUE:
      return g_strdup (_("This certificate is not allowed to issue the certificate below it."));

    case ISS_CHAIN_STATUS_OTHER:
    case ISS_CHAIN_N_STATUSES:
      if (link->reason[0] != '\0')
        return g_strdup_printf (_("This certificate cannot be used in this path: %s."),
                                link->reason);

      return g_strdup (_("This certificate cannot be used in this path."));
    }

  g_return_val_if_reached (NULL);
}

/**
 * iss_agent_path_is_good:
 * @self: a path
 *
 * Returns: whether nothing speaks against any of its links
 */
gboolean
iss_agent_path_is_good (IssAgentPath *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_PATH (self), FALSE);

  for (guint i = 0; i < self->links->len; i++)
    {
      if (g_array_index (self->links, Link, i).status != ISS_CHAIN_STATUS_TRUSTED)
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_agent_path_is_cut:
 * @self: a path
 *
 * Returns: whether there are links above the last one that were not sent
 */
gboolean
iss_agent_path_is_cut (IssAgentPath *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_PATH (self), FALSE);

  return self->is_cut;
}

/**
 * iss_agent_path_get_time:
 * @self: a path
 *
 * Returns: the server's time when it was built, seconds since 1970
 */
gint64
iss_agent_path_get_time (IssAgentPath *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_PATH (self), 0);

  return self->time;
}
