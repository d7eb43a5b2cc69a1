/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/console-window.h"

G_BEGIN_DECLS

/* A picture of any page of the console, as `issuant --screenshot` makes it. */

/**
 * ConsoleScreenshotSpec:
 *
 * What the picture shows. Strings borrowed.
 */
typedef struct
{
  const char *page;     /* a name of console_screenshot_dup_names(), or the path of a node */
  const char *server;   /* (nullable): of a server's page; %NULL = the first one */
  const char *output;   /* the PNG file, which is written over */
  int         width;    /* of the picture, in pixels; 0 = as the window likes */
  int         height;
} ConsoleScreenshotSpec;

/* one line a name */
char      *console_screenshot_dup_names   (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean   console_screenshot_parse_size  (const char                   *text,
                                           int                          *out_width,
                                           int                          *out_height,
                                           GError                      **error);
gboolean   console_screenshot_check_page  (const char                   *page,
                                           GError                      **error);
void       console_screenshot_use_dark    (void);

void       console_screenshot_take_async  (IssConsoleWindow             *window,
                                           const ConsoleScreenshotSpec  *spec,
                                           GAsyncReadyCallback           callback,
                                           gpointer                      user_data);
gboolean   console_screenshot_take_finish (GAsyncResult                 *result,
                                           GError                      **error);

G_END_DECLS
