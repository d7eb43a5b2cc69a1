/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/store-name.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/base/text.h"

typedef struct
{
  const char *nick;
  const char *label;
} Name;

/* In the order of IssStoreName. The nicks are folder names and cross the wire:
 * they never change. */
static const Name names[] =
{
  { "my",            N_("Personal") },
  { "root",          N_("Trusted Root Certification Authorities") },
  { "ca",            N_("Intermediate Certification Authorities") },
  { "trustedpeople", N_("Trusted People") },
  { "disallowed",    N_("Untrusted Certificates") },
  { "request",       N_("Certificate Enrollment Requests") },
  { "authroot",      N_("Third-Party Root Certification Authorities") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (names) == ISS_N_STORES);

/**
 * iss_store_name_get_nick:
 * @self: a store
 *
 * Returns: its name in files, options and on the wire, such as "my"
 */
const char *
iss_store_name_get_nick (IssStoreName self)
{
  g_return_val_if_fail ((guint) self < ISS_N_STORES, "");

  return names[self].nick;
}

/**
 * iss_store_name_get_label:
 * @self: a store
 *
 * Returns: its name for people, such as "Personal", translated
 */
const char *
iss_store_name_get_label (IssStoreName self)
{
  g_return_val_if_fail ((guint) self < ISS_N_STORES, "");

  return _(names[self].label);
}

/**
 * iss_store_name_is_read_only:
 * @self: a store
 *
 * Returns: whether nothing can be added to the store or removed from it
 */
gboolean
iss_store_name_is_read_only (IssStoreName self)
{
  return self == ISS_STORE_AUTHROOT;
}

/**
 * iss_store_name_parse:
 * @nick: a store's nick as somebody typed it, in any case
 * @out_store: (out): the store; untouched on failure
 * @error: return location for an error: %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether there is such a store
 */
gboolean
iss_store_name_parse (const char    *nick,
                      IssStoreName  *out_store,
                      GError       **error)
{
  g_autofree char *clean = NULL;

  g_return_val_if_fail (nick != NULL, FALSE);
  g_return_val_if_fail (out_store != NULL, FALSE);

  for (guint i = 0; i < ISS_N_STORES; i++)
    {
      if (g_ascii_strcasecmp (nick, names[i].nick) == 0)
        {
          *out_store = (IssStoreName) i;
          return TRUE;
        }
    }

  clean = iss_text_sanitise (nick, -1, 40);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("There is no store “%s”: it is one of my, root, ca, trustedpeople, disallowed, "
                 "request, authroot"), clean);
  return FALSE;
}
