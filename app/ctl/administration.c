/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/administration.h"

#include <glib/gi18n.h>

#include "app/ctl/administrator.h"
#include "app/ctl/table.h"
#include "core/base/text.h"

static gboolean
is_own (IssAdministrator *own,
        IssCertificate   *certificate)
{
  return own != NULL &&
         g_bytes_equal (iss_certificate_get_sha256 (iss_administrator_get_certificate (own)),
                        iss_certificate_get_sha256 (certificate));
}

static void
print_json (CtlContext              *context,
            const IssAdministrators *administrators,
            IssAdministrator        *own)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "pool", administrators->pool);
  iss_json_text_name_integer (json, "version", (gint64) administrators->version);
  iss_json_text_name (json, "administrators");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < administrators->certificates->len; i++)
    {
      IssCertificate *certificate = g_ptr_array_index (administrators->certificates, i);
      g_autofree char *thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "name", iss_certificate_get_issued_to (certificate));
      iss_json_text_name_string (json, "thumbprint", thumbprint);
      iss_json_text_name_string (json, "sha256", iss_certificate_get_sha256_hex (certificate));
      iss_json_text_name_boolean (json, "own", is_own (own, certificate));
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);

  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

/**
 * ctl_administration_print:
 * @context: a context
 * @administrators: of a pool
 *
 * Prints who they are, and which of them is you.
 */
void
ctl_administration_print (CtlContext              *context,
                          const IssAdministrators *administrators)
{
  const char *titles[] = { _("Administrator"), _("Thumbprint"), _("SHA-256"), NULL };
  g_autofree char *folder = ctl_administrator_dup_folder (context);
  g_autoptr(IssAdministrator) own = iss_administrator_open (folder, NULL);
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  if (ctl_context_wants_json (context))
    {
      print_json (context, administrators, own);
      return;
    }

  for (guint i = 0; i < administrators->certificates->len; i++)
    {
      IssCertificate *certificate = g_ptr_array_index (administrators->certificates, i);
      const char *name = iss_certificate_get_issued_to (certificate);
      /* Translators: the name of an administrator, who is reading this */
      g_autofree char *who = is_own (own, certificate) ? g_strdup_printf (_("%s (you)"), name)
                                                       : g_strdup (name);
      g_autofree char *thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
      const char *cells[] =
        { who, thumbprint, iss_certificate_get_sha256_hex (certificate), NULL };

      ctl_table_add (table, cells);
    }

  text = ctl_table_to_text (table);
  ctl_context_print (context, text);
}
