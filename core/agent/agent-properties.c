/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-properties.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"

/* One call. */
typedef struct
{
  IssCertificate  *certificate;
  GVariant        *changes;
  GVariant        *options;
  char            *hex;
  char            *friendly_name;   /* (nullable): stays */
  char            *description;     /* (nullable): stays */
  IssIntent        intent;          /* UNKNOWN: stays */
  gboolean         not_exportable;
  IssProperties    old;
  IssProperties    wanted;          /* strings borrowed */
} Job;

static void
job_clear (Job *job)
{
  g_clear_object (&job->certificate);
  g_clear_pointer (&job->changes, g_variant_unref);
  g_clear_pointer (&job->options, g_variant_unref);
  g_free (job->hex);
  g_free (job->friendly_name);
  g_free (job->description);
  iss_properties_clear (&job->old);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static gboolean
read_change (Job         *job,
             const char  *name,
             GVariant    *value,
             GError     **error)
{
  if (g_str_equal (name, "friendly-name") && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      g_free (job->friendly_name);
      job->friendly_name = iss_agent_wire_dup_typed (g_variant_get_string (value, NULL),
                                                     _("friendly name"),
                                                     ISS_AGENT_PROPERTIES_MAX_NAME, error);
      return job->friendly_name != NULL;
    }

  if (g_str_equal (name, "description") && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      g_free (job->description);
      job->description = iss_agent_wire_dup_typed (g_variant_get_string (value, NULL),
                                                   _("description"),
                                                   ISS_AGENT_PROPERTIES_MAX_DESCRIPTION, error);
      return job->description != NULL;
    }

  if (g_str_equal (name, "intent") && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32) &&
      g_variant_get_uint32 (value) <= ISS_INTENT_SERVER)
    {
      job->intent = (IssIntent) g_variant_get_uint32 (value);
      return TRUE;
    }

  if (g_str_equal (name, "exportable") && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    {
      if (!g_variant_get_boolean (value))
        {
          job->not_exportable = TRUE;
          return TRUE;
        }

      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("A private key can be marked as not exportable, but not as "
                             "exportable again"));
      return FALSE;
    }

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("This server does not know the property “%.40s”, or not this value of it"), name);
  return FALSE;
}

static IssCertificate *
find_certificate (IssRootFolder  *root,
                  const char     *hex,
                  GError        **error)
{
  for (guint i = 0; i < ISS_N_STORES; i++)
    {
      if (!iss_store_name_is_read_only ((IssStoreName) i) &&
          iss_certificate_store_contains (root, (IssStoreName) i, hex))
        return iss_certificate_store_get (root, (IssStoreName) i, hex, error);
    }

  if (iss_certificate_store_contains (root, ISS_STORE_AUTHROOT, hex))
    g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                 _("Nothing can be changed about a certificate of “%s”: the store is the system's"),
                 iss_store_name_get_label (ISS_STORE_AUTHROOT));
  else
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                         _("The certificate is in none of the server's stores any more"));

  return NULL;
}

static gboolean
read_job (Job                    *job,
          const IssAgentContext  *context,
          GVariant               *parameters,
          GError                **error)
{
  g_autoptr(GVariant) sha256 = NULL;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_get (parameters, "(@ay@a{sv}@a{sv})", &sha256, &job->changes, &job->options);
  if (g_variant_n_children (sha256) != ISS_SHA256_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by its SHA-256, 32 bytes"));
      return FALSE;
    }

  g_variant_iter_init (&iter, job->changes);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      if (!read_change (job, name, value, error))
        {
          g_variant_unref (value);
          return FALSE;
        }
    }

  job->hex = iss_text_hex (g_variant_get_data (sha256), ISS_SHA256_SIZE, FALSE);
  job->certificate = find_certificate (context->root, job->hex, error);

  return job->certificate != NULL &&
         iss_properties_load (&job->old, context->root, job->hex, error);
}

typedef struct
{
  IssRootFolder *root;
  const char    *hex;       /* not this one */
  const char    *name;
  char          *found;     /* (nullable): who else is called so */
} Search;

static gboolean
search_cb (const IssCertificateSummary  *summary,
           GBytes                       *der,
           gpointer                      user_data)
{
  Search *search = user_data;
  g_autofree char *hex = iss_text_hex (summary->sha256, sizeof summary->sha256, FALSE);
  g_auto(IssProperties) said = { NULL };

  if (g_str_equal (hex, search->hex) || !iss_properties_load (&said, search->root, hex, NULL) ||
      g_strcmp0 (said.friendly_name, search->name) != 0)
    return TRUE;

  search->found = g_strdup (summary->issued_to);
  return FALSE;
}

/* A real Skype for Business finds its certificates by friendly name, too, which must be one of
 * its kind in the computer's Personal store. */
static gboolean
check_friendly_name (const IssAgentContext  *context,
                     Job                    *job,
                     GError                **error)
{
  Search search = { context->root, job->hex, job->friendly_name, NULL };

  if (job->friendly_name == NULL || *job->friendly_name == '\0' ||
      iss_agent_wire_get_boolean (job->options, "force"))
    return TRUE;

  if (!iss_certificate_store_foreach_summary (context->root, ISS_STORE_MY, search_cb, &search,
                                              NULL, error))
    return FALSE;

  if (search.found == NULL)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION,
               _("“%s” has the friendly name “%s” already: two certificates with one name are easy "
                 "to confuse"), search.found, job->friendly_name);
  g_free (search.found);
  return FALSE;
}

static gboolean
check_key (const IssAgentContext  *context,
           Job                    *job,
           GError                **error)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (job->certificate);

  if (!job->not_exportable || iss_key_file_get_state (context->root, spki) != ISS_KEY_STATE_NONE)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
               _("The server does not have the private key of “%s”, so there is nothing to mark "
                 "as not exportable"), iss_certificate_get_issued_to (job->certificate));
  return FALSE;
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

/* Names of what would be different; and the audit's line about each, old and new. */
static GPtrArray *
find_changed (const IssAgentContext *context,
              Job                   *job,
              GPtrArray             *details)
{
  GPtrArray *changed = g_ptr_array_new ();
  IssProperties *wanted = &job->wanted;

  *wanted = job->old;

  if (job->friendly_name != NULL &&
      !g_str_equal (or_empty (job->old.friendly_name), job->friendly_name))
    {
      wanted->friendly_name = job->friendly_name;
      g_ptr_array_add (changed, (gpointer) "friendly-name");
      g_ptr_array_add (details, (gpointer) "friendly-name-old");
      g_ptr_array_add (details, (gpointer) or_empty (job->old.friendly_name));
      g_ptr_array_add (details, (gpointer) "friendly-name");
      g_ptr_array_add (details, job->friendly_name);
    }

  if (job->description != NULL && !g_str_equal (or_empty (job->old.description), job->description))
    {
      wanted->description = job->description;
      g_ptr_array_add (changed, (gpointer) "description");
      g_ptr_array_add (details, (gpointer) "description-old");
      g_ptr_array_add (details, (gpointer) or_empty (job->old.description));
      g_ptr_array_add (details, (gpointer) "description");
      g_ptr_array_add (details, job->description);
    }

  if (job->intent != ISS_INTENT_UNKNOWN && job->intent != job->old.intent)
    {
      wanted->intent = job->intent;
      g_ptr_array_add (changed, (gpointer) "intent");
      g_ptr_array_add (details, (gpointer) "intent-old");
      g_ptr_array_add (details, (gpointer) iss_intent_to_string (job->old.intent));
      g_ptr_array_add (details, (gpointer) "intent");
      g_ptr_array_add (details, (gpointer) iss_intent_to_string (job->intent));
    }

  if (job->not_exportable &&
      iss_key_file_is_exportable (context->root,
                                  iss_certificate_get_spki_sha256 (job->certificate)))
    {
      g_ptr_array_add (changed, (gpointer) "exportable");
      g_ptr_array_add (details, (gpointer) "exportable-old");
      g_ptr_array_add (details, (gpointer) "yes");
      g_ptr_array_add (details, (gpointer) "exportable");
      g_ptr_array_add (details, (gpointer) "no");
    }

  return changed;
}

/* The mark last: it is the one that cannot be taken back. */
static gboolean
write_changes (const IssAgentContext  *context,
               Job                    *job,
               GPtrArray              *changed,
               GError                **error)
{
  gboolean tightens = g_ptr_array_find_with_equal_func (changed, "exportable", g_str_equal, NULL);

  if (changed->len > (tightens ? 1 : 0) &&
      !iss_properties_save (&job->wanted, context->root, job->hex, error))
    return FALSE;

  if (!tightens || iss_key_file_tighten (context->root,
                                         iss_certificate_get_spki_sha256 (job->certificate),
                                         error))
    return TRUE;

  iss_properties_save (&job->old, context->root, job->hex, NULL);
  return FALSE;
}

/**
 * iss_agent_properties_run:
 * @context: for whom and when
 * @parameters: (ay sha256, a{sv} changes, a{sv} options): what changes: friendly-name s,
 *   description s, intent u, exportable b (only false); options: force b, what-if b
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: %ISS_ERROR_TOO_LARGE, %ISS_ERROR_REFUSED for the system's
 *   store and for loosening, %ISS_ERROR_NEEDS_CONFIRMATION when another certificate has that
 *   friendly name
 *
 * Changes what is said about a certificate on this server, all or nothing.
 *
 * Returns: (transfer floating): (as changed): the properties that are, or would be, different
 */
GVariant *
iss_agent_properties_run (const IssAgentContext  *context,
                          GVariant               *parameters,
                          GCancellable           *cancellable,
                          GError                **error)
{
  g_auto(Job) job = { NULL };
  g_autoptr(GPtrArray) details = g_ptr_array_new ();
  g_autoptr(GPtrArray) changed = NULL;

  if (!read_job (&job, context, parameters, error) ||
      !check_key (context, &job, error) ||
      !check_friendly_name (context, &job, error))
    return NULL;

  g_ptr_array_add (details, (gpointer) "certificate");
  g_ptr_array_add (details, job.hex);
  g_ptr_array_add (details, (gpointer) "name");
  g_ptr_array_add (details, (gpointer) iss_certificate_get_issued_to (job.certificate));
  changed = find_changed (context, &job, details);
  g_ptr_array_add (details, NULL);

  if (changed->len == 0 || iss_agent_wire_get_boolean (job.options, "what-if"))
    return g_variant_new ("(@as)", g_variant_new_strv ((const char *const *) changed->pdata,
                                                       changed->len));

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !write_changes (context, &job, changed, error))
    return NULL;

  if (!iss_audit_append (context->root, context->now, context->who, "set-properties",
                         (const char *const *) details->pdata, error))
    {
      g_prefix_error (error, _("The properties were changed, but the audit log was not "
                               "written: "));
      return NULL;
    }

  return g_variant_new ("(@as)", g_variant_new_strv ((const char *const *) changed->pdata,
                                                     changed->len));
}

static gpointer
read_changed (GVariant  *reply,
              GVariant  *parameters,
              GError   **error)
{
  g_autoptr(GVariant) list = g_variant_get_child_value (reply, 0);

  if (g_variant_n_children (list) <= 16)
    return g_variant_dup_strv (list, NULL);

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_PROTOCOL,
                       _("The server's answer about the properties cannot be understood"));
  return NULL;
}

/**
 * iss_agent_properties_call:
 * @sha256: a certificate
 * @changes: what shall be different
 * @force: pass warnings
 * @what_if: only ask what would be
 *
 * Returns: (transfer full): a call that changes properties; its value is a %NULL-terminated array
 *   of the names of those that changed
 */
IssAgentCall *
iss_agent_properties_call (GBytes                        *sha256,
                           const IssAgentPropertyChanges *changes,
                           gboolean                       force,
                           gboolean                       what_if)
{
  GVariantDict wanted;
  GVariantDict options;

  g_return_val_if_fail (sha256 != NULL, NULL);
  g_return_val_if_fail (changes != NULL, NULL);

  g_variant_dict_init (&wanted, NULL);
  if (changes->friendly_name != NULL)
    g_variant_dict_insert (&wanted, "friendly-name", "s", changes->friendly_name);
  if (changes->description != NULL)
    g_variant_dict_insert (&wanted, "description", "s", changes->description);
  if (changes->intent != ISS_INTENT_UNKNOWN)
    g_variant_dict_insert (&wanted, "intent", "u", (guint32) changes->intent);
  if (changes->not_exportable)
    g_variant_dict_insert (&wanted, "exportable", "b", FALSE);

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "force", "b", force);
  g_variant_dict_insert (&options, "what-if", "b", what_if);

  return iss_agent_call_new ("SetProperties",
                             g_variant_new ("(@ay@a{sv}@a{sv})", iss_agent_wire_new_bytes (sha256),
                                            g_variant_dict_end (&wanted),
                                            g_variant_dict_end (&options)),
                             "(as)", read_changed, (GDestroyNotify) g_strfreev);
}
