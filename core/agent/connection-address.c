/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/connection-address.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_URI 1024
#define MAX_USER 64

struct _IssConnectionAddress
{
  gatomicrefcount    ref_count;

  IssConnectionKind  kind;
  guint              port;

  /* Owned */
  char              *uri;
  char              *host;
  char              *user;
  char              *folder;
};

G_DEFINE_BOXED_TYPE (IssConnectionAddress, iss_connection_address,
                     iss_connection_address_ref, iss_connection_address_unref)

static gboolean
has_dot_component (const char *path)
{
  g_auto(GStrv) components = g_strsplit (path, "/", -1);

  return g_strv_contains ((const char *const *) components, "..") ||
         g_strv_contains ((const char *const *) components, ".");
}

static gboolean
parse_local (IssConnectionAddress  *self,
             const char            *rest,
             GError               **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *escaped = NULL;
  gsize length;

  if (rest[0] != '/')
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” names a host, but local addresses are local:///folder"), self->uri);
      return FALSE;
    }

  if (strpbrk (rest, "?#") != NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” has a query or a fragment: an address is local:///folder"), self->uri);
      return FALSE;
    }

  folder = g_uri_unescape_string (rest, NULL);
  if (folder == NULL || !g_utf8_validate (folder, -1, NULL) ||
      !iss_text_is_clean (folder, MAX_URI))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not the name of a folder"), self->uri);
      return FALSE;
    }

  length = strlen (folder);
  while (length > 1 && folder[length - 1] == '/')
    folder[--length] = '\0';

  if (length < 2 || folder[1] == '/' || has_dot_component (folder))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” must name one folder by its whole path, without “.” and “..”"),
                   self->uri);
      return FALSE;
    }

  escaped = g_uri_escape_string (folder, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, TRUE);
  self->kind = ISS_CONNECTION_LOCAL;
  self->folder = g_steal_pointer (&folder);
  g_free (self->uri);
  self->uri = g_strconcat ("local://", escaped, NULL);
  return TRUE;
}

/* ssh gives the name to commands of the user's own configuration (%r, %h), which a shell
 * reads: hence a list of what is allowed, not of what is not. */
static gboolean
is_user_name (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || length > MAX_USER || text[0] == '-')
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]) && strchr ("._+-", text[i]) == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_ipv6 (const char *text)
{
  return strchr (text, ':') != NULL &&
         strspn (text, "0123456789abcdefABCDEF:.") == strlen (text) &&
         g_hostname_is_ip_address (text);
}

static gboolean
is_ipv4 (const char *text)
{
  return strspn (text, "0123456789.") == strlen (text) && g_hostname_is_ip_address (text);
}

/* The user's part, before the "@"; moves @rest behind it. */
static gboolean
parse_user (IssConnectionAddress  *self,
            const char           **rest,
            GError               **error)
{
  const char *at = strrchr (*rest, '@');
  g_autofree char *user = NULL;

  if (at == NULL)
    return TRUE;

  user = g_strndup (*rest, at - *rest);
  if (strchr (user, ':') != NULL)
    {
      /* Not quoted: it may be a password. */
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A password does not belong into an address: ssh asks for it"));
      return FALSE;
    }

  if (!is_user_name (user))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not the name of a user"), user);
      return FALSE;
    }

  self->user = g_steal_pointer (&user);
  *rest = at + 1;
  return TRUE;
}

static gboolean
parse_port (IssConnectionAddress  *self,
            const char            *text,
            GError               **error)
{
  guint64 port;

  if (g_ascii_isdigit (text[0]) && g_ascii_string_to_unsigned (text, 10, 1, 65535, &port, NULL))
    {
      self->port = (guint) port;
      return TRUE;
    }

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("“%s” is not a port: it is a number from 1 to 65535"), text);
  return FALSE;
}

static gboolean
parse_host (IssConnectionAddress  *self,
            const char            *rest,
            GError               **error)
{
  gboolean bracketed = rest[0] == '[';
  const char *end = bracketed ? strchr (rest, ']') : strchr (rest, ':');
  const char *port = NULL;

  if (bracketed && end == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” lacks the closing “]” of its IPv6 address"), self->uri);
      return FALSE;
    }

  if (bracketed)
    {
      self->host = g_strndup (rest + 1, end - rest - 1);
      end = end[1] == '\0' ? NULL : end + 1;
    }
  else
    {
      self->host = end == NULL ? g_strdup (rest) : g_strndup (rest, end - rest);
    }

  if (end != NULL)
    port = end + 1;

  if (bracketed ? !is_ipv6 (self->host)
                : (self->host[0] == '-' ||
                   (!is_ipv4 (self->host) && !iss_text_is_host_name (self->host))))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is neither the name of a host nor an IP address"), self->host);
      return FALSE;
    }

  if (end != NULL && *end != ':')
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not of the form ssh://user@host:port"), self->uri);
      return FALSE;
    }

  return port == NULL || parse_port (self, port, error);
}

static gboolean
parse_ssh (IssConnectionAddress  *self,
           const char            *rest,
           GError               **error)
{
  if (strpbrk (rest, "/?#%\\") != NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not of the form ssh://user@host:port"), self->uri);
      return FALSE;
    }

  if (!parse_user (self, &rest, error) || !parse_host (self, rest, error))
    return FALSE;

  self->kind = ISS_CONNECTION_SSH;
  return TRUE;
}

/**
 * iss_connection_address_parse:
 * @uri: `local:///folder` or `ssh://[user@]host[:port]`, from outside
 * @error: return location for an error
 *
 * Takes an address apart. What it accepts can be given to ssh as arguments: no part begins
 * with a dash or holds anything that a shell would read.
 *
 * Returns: (transfer full): the address, or %NULL with %ISS_ERROR_INVALID_ARGUMENT
 */
IssConnectionAddress *
iss_connection_address_parse (const char  *uri,
                              GError     **error)
{
  g_autoptr(IssConnectionAddress) self = NULL;

  g_return_val_if_fail (uri != NULL, NULL);

  if (strlen (uri) > MAX_URI || !iss_text_is_clean (uri, MAX_URI))
    {
      g_autofree char *shown = iss_text_sanitise (uri, -1, 60);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not an address: it is too long or holds characters "
                     "that cannot be seen"), shown);
      return NULL;
    }

  self = g_new0 (IssConnectionAddress, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->uri = g_strdup (uri);

  if (g_str_has_prefix (uri, "local://"))
    {
      if (!parse_local (self, uri + strlen ("local://"), error))
        return NULL;
    }
  else if (g_str_has_prefix (uri, "ssh://"))
    {
      if (!parse_ssh (self, uri + strlen ("ssh://"), error))
        return NULL;
    }
  else
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not an address: use ssh://user@host:port or local:///folder"), uri);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * iss_connection_address_ref:
 * @self: an address
 *
 * Returns: (transfer full): @self
 */
IssConnectionAddress *
iss_connection_address_ref (IssConnectionAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * iss_connection_address_unref:
 * @self: (transfer full): an address
 *
 * Gives a reference back.
 */
void
iss_connection_address_unref (IssConnectionAddress *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->uri);
  g_free (self->host);
  g_free (self->user);
  g_free (self->folder);
  g_free (self);
}

/**
 * iss_connection_address_get_kind:
 * @self: an address
 *
 * Returns: how the server is reached
 */
IssConnectionKind
iss_connection_address_get_kind (IssConnectionAddress *self)
{
  g_return_val_if_fail (self != NULL, ISS_CONNECTION_LOCAL);

  return self->kind;
}

/**
 * iss_connection_address_get_uri:
 * @self: an address
 *
 * Returns: what it was made of, with the folder of a local one in its shortest form
 */
const char *
iss_connection_address_get_uri (IssConnectionAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->uri;
}

/**
 * iss_connection_address_get_host:
 * @self: an address
 *
 * Returns: (nullable): the host's name or IP address (without brackets); %NULL when local
 */
const char *
iss_connection_address_get_host (IssConnectionAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->host;
}

/**
 * iss_connection_address_get_user:
 * @self: an address
 *
 * Returns: (nullable): the account on the server; %NULL leaves it to ssh
 */
const char *
iss_connection_address_get_user (IssConnectionAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->user;
}

/**
 * iss_connection_address_get_port:
 * @self: an address
 *
 * Returns: the port; 0 leaves it to ssh
 */
guint
iss_connection_address_get_port (IssConnectionAddress *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

/**
 * iss_connection_address_get_folder:
 * @self: an address
 *
 * Returns: (nullable): the root folder of a local server
 */
const char *
iss_connection_address_get_folder (IssConnectionAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->folder;
}
