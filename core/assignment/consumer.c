/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/consumer.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_UNIT 255
#define MAX_ACCOUNT 32
#define MAX_ARGUMENTS 64
#define SYSTEMCTL "/usr/bin/systemctl"

#define LETTERS_AND_DIGITS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS

static gboolean
consists_of (const char *text,
             const char *characters,
             gsize       max_size)
{
  gsize size = strlen (text);

  return size > 0 && size <= max_size && text[strspn (text, characters)] == '\0';
}

/**
 * iss_consumer_is_name:
 * @name: a text
 *
 * Returns: whether a consumer may be called so: it becomes the name of a file
 */
gboolean
iss_consumer_is_name (const char *name)
{
  g_return_val_if_fail (name != NULL, FALSE);

  return consists_of (name, LETTERS_AND_DIGITS "_-", ISS_CONSUMER_MAX_NAME) && name[0] != '-';
}

/**
 * iss_consumer_is_account:
 * @account: a text
 *
 * Returns: whether an account may be called so
 */
gboolean
iss_consumer_is_account (const char *account)
{
  g_return_val_if_fail (account != NULL, FALSE);

  return consists_of (account, LETTERS_AND_DIGITS "_.-", MAX_ACCOUNT) && account[0] != '-';
}

/**
 * iss_consumer_new:
 * @name: what it is called
 * @error: return location for %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full): a consumer of which nothing is known yet, or %NULL with @error set
 */
IssConsumer *
iss_consumer_new (const char  *name,
                  GError     **error)
{
  IssConsumer *self;

  g_return_val_if_fail (name != NULL, NULL);

  if (!iss_consumer_is_name (name))
    {
      g_autofree char *shown = iss_text_sanitise (name, -1, ISS_CONSUMER_MAX_NAME);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” cannot be the name of a consumer: letters, digits, “_” and “-” are "
                     "allowed, %d characters"), shown, ISS_CONSUMER_MAX_NAME);
      return NULL;
    }

  self = g_new0 (IssConsumer, 1);
  self->name = g_strdup (name);
  self->timeout = ISS_CONSUMER_TIMEOUT;

  return self;
}

/**
 * iss_consumer_free:
 * @self: (transfer full): a consumer
 */
void
iss_consumer_free (IssConsumer *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_free (self->account);
  g_free (self->unit);
  g_strfreev (self->argv);
  g_free (self);
}

static gboolean
set_unit (IssConsumer  *self,
          const char   *value,
          GError      **error)
{
  const char *const argv[] = { SYSTEMCTL, "--no-ask-password", "try-reload-or-restart", "--",
                               value, NULL };

  if (!consists_of (value, LETTERS_AND_DIGITS ":_.\\@-", MAX_UNIT) || value[0] == '-' ||
      strchr (value, '.') == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("“unit” is the whole name of a unit, such as nginx.service"));
      return FALSE;
    }

  self->unit = g_strdup (value);
  self->argv = g_strdupv ((char **) argv);

  return TRUE;
}

static gboolean
set_command (IssConsumer  *self,
             const char   *value,
             GError      **error)
{
  g_auto(GStrv) argv = NULL;
  int argc;

  if (!g_shell_parse_argv (value, &argc, &argv, NULL) || argc > MAX_ARGUMENTS ||
      !g_path_is_absolute (argv[0]))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“command” is the whole path of a program and its arguments, at most %d; no "
                     "shell reads it"), MAX_ARGUMENTS - 1);
      return FALSE;
    }

  self->argv = g_steal_pointer (&argv);

  return TRUE;
}

/**
 * iss_consumer_set:
 * @self: a consumer that is not complete
 * @key: "type", "account", "unit", "command" or "timeout"
 * @value: its value
 * @error: return location for %ISS_ERROR_INVALID_ARGUMENT, a sentence about the line
 *
 * Returns: whether it could be understood
 */
gboolean
iss_consumer_set (IssConsumer  *self,
                  const char   *key,
                  const char   *value,
                  GError      **error)
{
  g_autofree char *shown = NULL;
  guint64 number;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL && value != NULL, FALSE);

  if (g_str_equal (key, "type"))
    {
      self->type = iss_certificate_type_parse (value, error);
      return self->type != NULL;
    }

  if (g_str_equal (key, "account"))
    {
      self->account = g_strdup (value);
      if (iss_consumer_is_account (value))
        return TRUE;

      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("“account” is the name of an account of this server"));
      return FALSE;
    }

  if (g_str_equal (key, "unit") || g_str_equal (key, "command"))
    {
      if (self->argv == NULL)
        return g_str_equal (key, "unit") ? set_unit (self, value, error)
                                         : set_command (self, value, error);

      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("It has “unit” or “command”, not both"));
      return FALSE;
    }

  if (g_str_equal (key, "timeout"))
    {
      if (g_ascii_string_to_unsigned (value, 10, 1, ISS_CONSUMER_MAX_TIMEOUT, &number, NULL))
        {
          self->timeout = (guint) number;
          return TRUE;
        }

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“timeout” is a number of seconds from 1 to %d"), ISS_CONSUMER_MAX_TIMEOUT);
      return FALSE;
    }

  shown = iss_text_sanitise (key, -1, ISS_CONSUMER_MAX_NAME);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("There is no “%s”: there are “type”, “account”, “unit”, “command” and "
                 "“timeout”"), shown);

  return FALSE;
}

/**
 * iss_consumer_complete:
 * @self: a consumer
 * @error: return location for %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether nothing is missing that it must have
 */
gboolean
iss_consumer_complete (IssConsumer  *self,
                       GError      **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->type != NULL && self->argv != NULL)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               self->type == NULL ? _("“%s” has no “type”: which certificate does it use?")
                                  : _("“%s” has neither “unit” nor “command”: how is it "
                                      "reloaded?"), self->name);

  return FALSE;
}

/**
 * iss_consumer_dup_what:
 * @self: a consumer
 *
 * Returns: (transfer full): what is reloaded, or run
 */
char *
iss_consumer_dup_what (const IssConsumer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->unit != NULL ? g_strdup (self->unit) : g_strjoinv (" ", self->argv);
}
